// Shows what the zones of every camera count, and where its objects stood.

import { address, count, duration, element } from './text.js';

const byId = (id) => document.getElementById(id);
const heatInterval = 5000; // milliseconds between two pictures of an open heat map

const maps = new Map(); // camera number -> its heat map

function numbersOf(zone) {
  if (zone.directions) {
    return Object.entries(zone.directions).map(([name, { identities, passages }]) =>
      [name, passages > identities ? `${count(identities)} (${count(passages)} passages)` : count(identities)]);
  }
  const seconds = (value) => value === null ? '–' : duration(value);
  return [['inside', count(zone.occupancy)], ['entered', count(zone.entries)], ['left', count(zone.exits)],
          ['mean stay', seconds(zone.dwell_s)], ['longest stay', seconds(zone.longest_dwell_s)]];
}

function zoneCard(stream, zone, several) {
  const card = element('article', 'stream zone');
  const head = card.appendChild(element('div', 'head'));
  head.append(element('b', '', zone.name));
  if (several) head.append(element('span', 'quiet', stream.name));
  if (zone.alone) head.append(element('span', 'pill warn', 'alone'));
  const list = card.appendChild(element('dl'));
  for (const [term, value] of numbersOf(zone)) {
    const row = list.appendChild(element('div'));
    row.append(element('dt', '', term), element('dd', '', value));
  }
  return card;
}

function makeMap(stream) {
  const map = element('details', 'heat');
  map.append(element('summary', '', `Heat map of ${stream.name}`));
  const image = map.appendChild(element('img'));
  image.alt = `Where objects stood in ${stream.name}: blue for a short time, red for the longest`;
  const load = () => {
    map.dataset.loaded = Date.now();
    image.src = address(`heat.jpg?camera=${stream.camera}&time=${map.dataset.loaded}`);
  };
  map.addEventListener('toggle', () => { if (map.open) load(); });
  byId('heat-maps').append(map);
  return { map, load };
}

// The section appears once a stream has zones or a picture.
export function showZones(streams) {
  const zones = streams.flatMap((stream) => stream.zones.map((zone) => [stream, zone]));
  byId('zones').replaceChildren(...zones.map(([stream, zone]) => zoneCard(stream, zone, streams.length > 1)));
  for (const stream of streams) {
    if (stream.camera === null) continue;
    if (!maps.has(stream.camera)) maps.set(stream.camera, makeMap(stream));
    const { map, load } = maps.get(stream.camera);
    if (map.open && Date.now() - Number(map.dataset.loaded) >= heatInterval) load();
  }
  byId('zones-title').textContent = zones.length ? 'Zones' : 'Heat maps';
  byId('zones-section').hidden = zones.length + maps.size === 0;
}
