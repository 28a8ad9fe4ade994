// Shows the current and recent identities: one card each, which is kept between polls so that pictures do not flicker.

import { openIdentity } from './identity.js';
import { address, button, duration, element } from './text.js';

const mostRecent = 48; // limit of cards for identities that have left

const cards = new Map();
let chosen = null; // name of the selected camera; null: all

function makeCard(identity) {
  const card = button('', () => openIdentity(identity.camera, identity.id), 'identity');
  card.append(element('span', 'shot'), element('span', 'who'));
  card.lastChild.append(element('b'), element('span', 'when'), element('span', 'where'));
  card.querySelector('b').append(element('i'), ' ', element('em'));
  card.style.setProperty('--color', identity.color);
  return card;
}

function when(identity, gone, latest) {
  if (!gone) return `for ${duration(identity.duration)}`;
  const since = identity.last_wall ? (Date.now() - Date.parse(identity.last_wall)) / 1000 : latest - identity.last_time;
  return `left ${duration(Math.max(0, since))} ago`;
}

function fill(card, identity, gone, latest, several) {
  const [shot, who] = card.children;
  card.classList.toggle('gone', gone);
  who.querySelector('i').textContent = identity.class_name ?? 'object';
  who.querySelector('em').textContent = identity.id;
  who.children[1].textContent = when(identity, gone, latest);
  who.children[2].textContent = several ? identity.source : gone ? `stayed ${duration(identity.duration)}` : '';
  card.title = `${identity.source}: identity ${identity.id}, seen for ${duration(identity.duration)}`;
  if (identity.shot && card.dataset.shot !== identity.shot) {
    const image = shot.querySelector('img') ?? shot.appendChild(element('img'));
    image.alt = `${identity.class_name ?? 'object'} ${identity.id}`;
    image.src = address(identity.shot);
    card.dataset.shot = identity.shot;
  }
}

function showFilters(names, refresh) {
  const filters = document.getElementById('filters');
  if (filters.dataset.names === names.join('\n')) return;
  filters.dataset.names = names.join('\n');
  filters.replaceChildren(...(names.length > 1 ? [null, ...names] : []).map((name) => {
    const button = element('button', '', name ?? 'All');
    button.type = 'button';
    button.setAttribute('aria-pressed', String(name === chosen));
    button.addEventListener('click', () => {
      chosen = name;
      for (const other of filters.children) other.setAttribute('aria-pressed', String(other === button));
      refresh();
    });
    return button;
  }));
}

// times: current stream time in seconds by camera name, for streams without wall-clock times
export function showGallery({ current, recent }, times) {
  const lastSeen = (identity) => identity.last_wall ? Date.parse(identity.last_wall) / 1000 : identity.last_time;
  const gone = [...recent].sort((a, b) => lastSeen(b) - lastSeen(a)).slice(0, mostRecent);
  const all = [...current.map((identity) => ({ identity, gone: false })), ...gone.map((identity) => ({ identity, gone: true }))];
  const names = [...times.keys()];
  showFilters(names, () => showGallery({ current, recent }, times));
  const seen = new Set();
  const shown = [];
  for (const { identity, gone } of all) {
    const key = `${identity.camera}/${identity.id}`;
    if (seen.has(key) || (chosen !== null && identity.source !== chosen)) continue;
    seen.add(key);
    const card = cards.get(key) ?? makeCard(identity);
    cards.set(key, card);
    fill(card, identity, gone, times.get(identity.source) ?? identity.time, names.length > 1);
    shown.push(card);
  }
  for (const key of cards.keys()) if (!seen.has(key)) cards.delete(key);
  const gallery = document.getElementById('gallery');
  if (shown.length !== gallery.children.length || shown.some((card, i) => gallery.children[i] !== card)) gallery.replaceChildren(...shown);
  document.getElementById('gallery-empty').hidden = shown.length > 0;
  const more = document.getElementById('gallery-more');
  const short = gallery.classList.contains('short');
  more.hidden = short && gallery.scrollHeight <= gallery.clientHeight;
  more.textContent = short ? `Show all ${shown.length}` : 'Show fewer';
  more.onclick = () => {
    gallery.classList.toggle('short');
    showGallery({ current, recent }, times);
  };
}
