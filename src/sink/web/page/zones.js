// Shows beside each live view what its zones count, and over it where its objects stood.

import { address, button, count, duration, element } from './text.js';

const heatInterval = 5000; // milliseconds between two pictures of a shown heat map

function numbersOf(zone) {
  if (zone.directions) {
    return Object.entries(zone.directions).map(([name, { identities, passages }]) =>
      [name, passages > identities ? `${count(identities)} (${count(passages)} passages)` : count(identities)]);
  }
  const seconds = (value) => value === null ? '–' : duration(value);
  return [['inside', count(zone.occupancy)], ['entered', count(zone.entries)], ['left', count(zone.exits)],
          ['mean stay', seconds(zone.dwell_s)], ['longest', seconds(zone.longest_dwell_s)]];
}

function zoneRow(zone) {
  const row = element('div', 'zone');
  const head = row.appendChild(element('div', 'zone-name'));
  head.append(element('b', '', zone.name));
  if (zone.alone) head.append(element('span', 'pill warn', 'alone'));
  const list = row.appendChild(element('dl'));
  for (const [term, value] of numbersOf(zone)) {
    const pair = list.appendChild(element('div'));
    pair.append(element('dt', '', term), element('dd', '', value));
  }
  return row;
}

export function showZones(card, zones) {
  card.querySelector('.zones').replaceChildren(...zones.map(zoneRow));
}

// A button that lays the heat map over the live view.
export function makeHeatButton(card, name, cameraOf) {
  let image = null;
  let timer = null;
  const load = () => { if (!document.hidden) image.src = address(`heat.jpg?camera=${cameraOf()}&time=${Date.now()}`); };
  const toggle = button('Heat map', () => {
    if (cameraOf() === undefined) return;
    const shows = image === null;
    toggle.setAttribute('aria-pressed', String(shows));
    clearInterval(timer);
    image?.remove();
    image = null;
    if (!shows) return;
    image = element('img', 'heat');
    image.alt = `Where objects stood in ${name}: blue for a short time, red for the longest`;
    card.querySelector('.stage').append(image);
    timer = setInterval(load, heatInterval);
    load();
  });
  toggle.setAttribute('aria-pressed', 'false');
  return toggle;
}
