// Shows how many objects were inside each zone over time: a chart, and the same numbers as a table.

import { drawChart } from './charts.js';
import { count, element, seriesColor } from './text.js';

const byId = (id) => document.getElementById(id);
const minute = 60_000;  // between two rows of the table

const zones = new Map();  // stream name -> zone name -> [[time_ms, objects inside], ...]
let filled = '';          // the columns of the table, and when it was filled

// past: the answer of api/history
export function loadOccupancy(past) {
  zones.clear();
  for (const [stream, samples] of Object.entries(past)) {
    zones.set(stream, new Map(Object.entries(samples.zones ?? {}).map(([name, { time_ms, occupancy }]) =>
      [name, time_ms.map((time, i) => [time, occupancy[i]])])));
  }
}

export function addOccupancy(streams, now, longest) {
  for (const stream of streams) {
    if (stream.state === 'ended') continue;
    const before = zones.get(stream.name) ?? new Map();
    const areas = stream.zones.filter((zone) => zone.occupancy !== undefined);
    zones.set(stream.name, new Map(areas.map((zone) => {
      const points = (before.get(zone.name) ?? []).filter(([time]) => time >= now - longest);
      return [zone.name, [...points, [now, zone.occupancy]]];
    })));
  }
}

function lines() {
  const several = [...zones.values()].filter((areas) => areas.size > 0).length > 1;
  const all = [...zones].flatMap(([stream, areas]) => [...areas].map(([name, points]) =>
    ({ name: several ? `${stream} · ${name}` : name, points })));
  return all.map((line, i) => ({ ...line, color: seriesColor(i) }));
}

// The newest number at a time; nothing if the zone was not counted then.
function at(points, time) {
  const before = points.filter((point) => point[0] <= time);
  const last = before[before.length - 1];
  return last && time - last[0] < minute ? count(last[1]) : '–';
}

// A row per minute, the newest first. Rows are replaced only once in ten seconds: a reader may be in the middle of one.
function fillTable(series, longest, now) {
  const state = JSON.stringify([series.map(({ name }) => name), Math.floor(now / 10_000)]);
  if (state === filled) return;
  filled = state;
  const title = (scope, text) => Object.assign(element('th', '', text), { scope });
  const head = element('thead');
  const titles = head.appendChild(element('tr'));
  titles.append(title('col', 'Time'), ...series.map(({ name }) => title('col', name)));
  const body = element('tbody');
  for (let back = 0; back <= Math.min(longest, 10 * minute); back += minute) {
    const values = series.map(({ points }) => at(points, now - back));
    if (back > 0 && values.every((value) => value === '–')) break;
    const row = body.appendChild(element('tr'));
    row.append(title('row', back === 0 ? 'now' : `${back / minute} min ago`), ...values.map((value) => element('td', '', value)));
  }
  byId('occupancy-table').replaceChildren(element('caption', '', 'Objects inside each zone'), head, body);
}

export function drawOccupancy(longest, now = Date.now()) {
  const series = lines();
  byId('occupancy').hidden = series.length === 0;
  if (series.length === 0) return;
  drawChart(byId('chart-occupancy'), series, { longest, now });
  byId('occupancy-legend').replaceChildren(...series.map(({ name, color }) => {
    const entry = element('span', '', name);
    entry.style.setProperty('--color', color);
    return entry;
  }));
  fillTable(series, longest, now);
}
