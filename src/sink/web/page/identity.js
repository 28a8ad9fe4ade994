// Shows the page of one identity: when it was where, its pictures, and who looks like it.

import { address, button, duration, element } from './text.js';

const interval = 3000;  // milliseconds between two looks whether something is new
const dialog = document.getElementById('identity');
let shown = null;  // { camera, id, text, timer }

const clock = (wall) => new Date(wall).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = (wall) => new Date(wall).toLocaleDateString([], { day: 'numeric', month: 'short' });

function when(visit) {
  if (!visit.first_wall) return `from ${visit.first_time.toFixed(1)} to ${visit.last_time.toFixed(1)} s of the video`;
  const today = day(visit.first_wall) === day(Date.now()) ? '' : `${day(visit.first_wall)}, `;
  return `${today}${clock(visit.first_wall)} – ${visit.ended ? clock(visit.last_wall) : 'now'}`;
}

// The way through the picture, as the camera sees it; a dot marks its end.
function drawPath(visit) {
  const canvas = element('canvas', 'path');
  canvas.width = 240;
  canvas.height = Math.round(240 / (visit.aspect ?? 16 / 9));
  canvas.setAttribute('role', 'img');
  const [first, last] = [visit.path[0], visit.path.at(-1)].map(([x, y]) => `${Math.round(100 * x)} % from the left, ${Math.round(100 * y)} % from the top`);
  canvas.setAttribute('aria-label', `Way through the picture of ${visit.source}: from ${first} to ${last}`);
  const style = getComputedStyle(document.documentElement);
  const context = canvas.getContext('2d');
  const places = visit.path.map(([x, y]) => [x * canvas.width, Math.min(y * canvas.height, canvas.height - 5)]);
  Object.assign(context, { strokeStyle: style.getPropertyValue('--accent'), fillStyle: style.getPropertyValue('--accent'), lineWidth: 4, lineJoin: 'round', lineCap: 'round' });
  context.beginPath();
  places.forEach(([x, y]) => context.lineTo(x, y));
  context.stroke();
  context.beginPath();
  context.arc(...places.at(-1), 8, 0, 7);
  context.fill();
  return canvas;
}

function visitRow(visit) {
  const row = element('article', 'visit');
  const text = row.appendChild(element('div', 'visit-text'));
  text.append(element('b', '', visit.source), element('span', 'quiet', when(visit)), element('span', 'quiet', `stayed ${duration(visit.duration)}`));
  if (visit.path.length) row.append(drawPath(visit));
  const views = row.appendChild(element('div', 'views'));
  views.append(...visit.views.map((view, i) => {
    const image = element('img');
    image.src = address(view.picture);
    image.alt = `View ${i + 1} in ${visit.source}${view.wall ? ` at ${clock(view.wall)}` : ''}`;
    image.title = view.wall ? clock(view.wall) : `${view.time.toFixed(1)} s`;
    return image;
  }));
  return row;
}

function similarCard(similar) {
  const card = button('', () => openIdentity(similar.camera, similar.id), 'identity');
  card.style.setProperty('--color', similar.color);
  const shot = card.appendChild(element('span', 'shot'));
  if (similar.picture) {
    const image = shot.appendChild(element('img'));
    image.src = address(similar.picture);
    image.alt = '';
  }
  const who = card.appendChild(element('span', 'who'));
  who.append(element('b', '', `${similar.class_name || 'object'} ${similar.id}`), element('span', '', `likeness ${similar.likeness.toFixed(2)}`));
  card.disabled = similar.camera === undefined;
  if (card.disabled) who.append(element('span', '', 'earlier run'));
  return card;
}

function similarSection({ similar }) {
  const section = element('section');
  section.append(element('h3', '', 'Who looks similar'));
  if (similar === null) section.append(element('p', 'quiet', 'This run has no memory of identities (--memory) in which to search.'));
  else if (similar.length === 0) section.append(element('p', 'quiet', 'Nobody similar is known yet.'));
  else section.appendChild(element('div', 'cards')).append(...similar.map(similarCard));
  return section;
}

function fill(identity) {
  const head = element('div', 'dialog-head');
  const title = head.appendChild(element('h2', '', `${identity.class_name || 'object'} ${identity.id}`));
  title.id = 'identity-title';
  title.style.setProperty('--color', identity.color);
  const sources = new Set(identity.visits.map((visit) => visit.source));
  const total = identity.visits.reduce((sum, visit) => sum + visit.duration, 0);
  const visits = identity.visits.length === 1 ? 'one visit' : `${identity.visits.length} visits`;
  head.append(element('span', 'quiet', `${visits} on ${[...sources].join(', ')} · ${duration(total)} in all`), button('Close', () => dialog.close()));
  const list = element('section');
  list.append(...identity.visits.map(visitRow));
  const focused = [...dialog.querySelectorAll('button')].indexOf(document.activeElement);
  dialog.replaceChildren(head, list, similarSection(identity));
  dialog.querySelectorAll('button')[focused]?.focus();
}

async function refresh() {
  const { camera, id } = shown;
  let text;
  try {
    const response = await fetch(address(`api/identity?camera=${camera}&id=${id}`), { cache: 'no-store' });
    text = response.ok ? await response.text() : '';
  } catch {
    return;  // the header says that the server is away; what is shown stays
  }
  if (!shown || shown.id !== id || shown.camera !== camera || shown.text === text) return;
  shown.text = text;
  if (text) return fill(JSON.parse(text));
  const title = element('h2', '', `Identity ${id}`);
  title.id = 'identity-title';
  dialog.replaceChildren(title, element('p', 'quiet', 'The page no longer remembers this identity.'), button('Close', () => dialog.close()));
}

export async function openIdentity(camera, id) {
  clearInterval(shown?.timer);
  shown = { camera, id, text: null, timer: setInterval(refresh, interval) };
  history.replaceState(null, '', `#identity=${camera}/${id}`);
  await refresh();
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

// Opens the identity that the address of the page names.
export function followAddress() {
  const named = /^#identity=(\d+)\/(\d+)$/.exec(location.hash);
  if (named) openIdentity(Number(named[1]), Number(named[2]));
}

window.addEventListener('hashchange', followAddress);
dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
dialog.addEventListener('close', () => {
  clearInterval(shown?.timer);
  shown = null;
  dialog.replaceChildren();
  history.replaceState(null, '', location.pathname + location.search);
});
