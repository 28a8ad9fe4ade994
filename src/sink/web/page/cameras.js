// Shows the cameras: one card each with its live view, its counts and its tools.

import { edit } from './editor.js';
import { openIdentity } from './identity.js';
import { button, element } from './text.js';
import { makeHeatButton, showZones } from './zones.js';

// Class of the sign of a state.
export const look = { streaming: 'good', connecting: 'warn', stalled: 'warn', reconnecting: 'bad', ended: '' };

const place = document.getElementById('cameras');
const cards = new Map();    // stream name -> card of its live view
const cameras = new Map();  // camera number -> the same card
let streams = [];
let present = [];

function makeCard(name) {
  const card = element('article', 'camera');
  const choose = (chosen) => {
    for (const other of cards.values()) other.classList.remove('chosen');
    card.classList.toggle('chosen', chosen);
  };
  const view = card.appendChild(element('div', 'stage')).appendChild(
    button('', (event) => {
      const found = personAt(name, view.querySelector('canvas'), event);
      if (found) openIdentity(found.camera, found.id); else choose(!card.classList.contains('chosen'));
    }, 'view'));
  view.setAttribute('aria-label', `${name}: enlarge or shrink`);
  const canvas = element('canvas');
  canvas.width = 640;
  canvas.height = 360;
  view.append(canvas, element('span', 'message'));
  const bar = card.appendChild(element('div', 'bar'));
  bar.append(element('span', 'name', name), element('span', 'pill'), element('span', 'numbers'));
  const tools = bar.appendChild(element('span', 'tools'));
  const camera = () => [...cameras].find(([, other]) => other === card)?.[0];
  tools.append(makeHeatButton(card, name, camera), makeEditButton(card, name, choose));
  card.append(element('div', 'classes'), element('div', 'zones'));
  place.append(card);
  return card;
}

// The identity at which the user points in a live view, if there is one.
function personAt(name, canvas, event) {
  const size = streams.find((stream) => stream.name === name)?.size;
  if (!size?.[0] || event.detail === 0) return undefined;  // opened by a key
  const area = canvas.getBoundingClientRect();
  const scale = Math.min(area.width / size[0], area.height / size[1]);
  const x = (event.clientX - area.left - (area.width - scale * size[0]) / 2) / scale;
  const y = (event.clientY - area.top - (area.height - scale * size[1]) / 2) / scale;
  const within = present.filter(({ source, box }) => source === name && x >= box[0] && x <= box[0] + box[2] && y >= box[1] && y <= box[1] + box[3]);
  return within.sort((a, b) => a.box[2] * a.box[3] - b.box[2] * b.box[3])[0];
}

function makeEditButton(card, name, choose) {
  const close = () => {
    made.setAttribute('aria-pressed', 'false');
    choose(false);
    made.focus();
  };
  const made = button('Draw zones', async () => {
    card.querySelector('.bar + .problem')?.remove();
    choose(true);
    made.setAttribute('aria-pressed', 'true');
    try {
      await edit(card, name, close);
    } catch (error) {  // such as a file of zones that cannot be read
      const problem = element('p', 'problem', error.message);
      problem.setAttribute('role', 'alert');
      card.querySelector('.bar').after(problem);
      close();
    }
  }, 'edit');
  made.setAttribute('aria-pressed', 'false');
  made.hidden = true;
  return made;
}

// Shows a picture of the camera of this number.
export function showPicture(camera, bitmap) {
  const card = cameras.get(camera);
  if (!card) return;
  const canvas = card.querySelector('canvas');
  if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
  }
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  card.querySelector('.message').textContent = '';
  canvas.dataset.frames = Number(canvas.dataset.frames ?? 0) + 1;
}

function messageOf(stream, drawn, problem) {
  if (stream.state === 'streaming' || stream.state === 'ended') return drawn ? '' : problem || (stream.state === 'ended' ? 'no picture' : 'waiting for the first frame');
  return stream.reason || `${stream.state} …`;
}

function latencyText(stream) {
  return stream.latency_ms.median > 0 ? ` · ${Math.round(stream.latency_ms.median)} ms` : '';
}

// problem: why there are no pictures; identities: those in view; canEdit: zones can be drawn in this run
export function showCameras(newest, { problem, identities, canEdit }) {
  streams = newest;
  present = identities;
  for (const stream of streams) {
    const card = cards.get(stream.name) ?? makeCard(stream.name);
    cards.set(stream.name, card);
    if (stream.camera !== null) cameras.set(stream.camera, card);
    const drawn = card.querySelector('canvas').dataset.frames !== undefined;
    const pill = card.querySelector('.pill');
    pill.className = `pill ${look[stream.state]}`;
    pill.textContent = stream.state;
    card.querySelector('.message').textContent = messageOf(stream, drawn, problem);
    card.querySelector('.view').classList.toggle('stale', !['streaming', 'ended'].includes(stream.state));
    card.querySelector('.numbers').textContent = `${stream.tracked_rate.toFixed(1)} fps${latencyText(stream)}`;
    showZones(card, stream.zones);
    card.querySelector('.classes').replaceChildren(...Object.entries(stream.classes).map(([name, number]) => {
      const chip = element('span', 'chip', ` ${name}`);
      chip.prepend(element('b', '', String(number)));
      return chip;
    }));
  }
  for (const card of cards.values()) card.querySelector('.edit').hidden = !canEdit;
  place.classList.toggle('single', cards.size === 1);
}
