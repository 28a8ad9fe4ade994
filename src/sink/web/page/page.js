// Updates the page: polls the server once a second and shows the results.

import { look, showCameras, showPicture } from './cameras.js';
import { drawChart, followPointer } from './charts.js';
import { prepareEditing } from './editor.js';
import { showGallery } from './gallery.js';
import { followAddress } from './identity.js';
import { addOccupancy, drawOccupancy, loadOccupancy } from './occupancy.js';
import { address, count, duration, element, seriesColor } from './text.js';
import { watch } from './view.js';

const byId = (id) => document.getElementById(id);
const setText = (id, text) => { if (byId(id).textContent !== text) byId(id).textContent = text; };

const history = new Map();  // stream name -> samples
let streams = [];
let viewMessage = '';
let canEdit = false;  // zones can be drawn in this run
let longest = Infinity;  // time span of the charts in milliseconds, given by the server

// Header and health.

function showHead(health) {
  const sum = (field) => streams.reduce((total, stream) => total + stream[field], 0);
  const live = streams.filter((stream) => stream.state === 'streaming').length;
  const text = { ok: `${live} of ${streams.length} live`, degraded: `${live} of ${streams.length} live`, ended: 'ended' };
  byId('status').className = `pill ${{ ok: 'good', degraded: 'warn', ended: '' }[health.status]}`;
  setText('status', streams.length ? text[health.status] : 'no streams yet');
  setText('objects', count(sum('objects')));
  setText('identities', count(sum('identities')));
  setText('rate', sum('tracked_rate').toFixed(1));
  setText('uptime', duration(health.uptime_s));
  setText('version', `onepass ${health.version}`);
  document.title = `onepass · ${sum('objects')} in view`;
}

function healthCard(name, state, kind, reason, rows) {
  const card = element('article', 'stream');
  const head = card.appendChild(element('div', 'head'));
  head.append(element('b', '', name), element('span', `pill ${kind}`, state));
  if (reason) card.append(element('p', 'reason', reason));
  const list = card.appendChild(element('dl'));
  for (const [term, value] of rows) {
    const row = list.appendChild(element('div'));
    row.append(element('dt', '', term), element('dd', '', value));
  }
  return card;
}

function showHealth(health) {
  const ms = (value) => value > 0 ? `${Math.round(value)} ms` : '–';
  byId('health').replaceChildren(
    ...streams.map((stream) => healthCard(stream.name, stream.state, look[stream.state], stream.reason, [
      ['Frames received', count(stream.frames_read)], ['Tracked', count(stream.frames_tracked)],
      ['Dropped', count(stream.frames_dropped)], 
      ['Damaged', count(stream.frames_concealed + stream.frames_undecodable)], ['Reconnects', count(stream.reconnects)],
      ['Median latency', ms(stream.latency_ms.median)], ['95th percentile', ms(stream.latency_ms.p95)], ['Maximum', ms(stream.latency_ms.max)],
      ['Identities', count(stream.identities)]])),
    ...health.deliveries.map((delivery) => healthCard(delivery.target, delivery.connected ? 'connected' : 'disconnected',
      delivery.connected ? 'good' : 'bad', delivery.reason, [
        ['Delivered', count(delivery.delivered)], ['Waiting', count(delivery.waiting)], ['Lost', count(delivery.lost)]])));
}

// Charts.

function addSamples() {
  const now = Date.now();
  for (const stream of streams) {
    if (stream.state === 'ended') continue;
    const samples = history.get(stream.name) ?? [];
    history.set(stream.name, samples);
    samples.push({ time: now, objects: stream.objects, median: stream.latency_ms.median, p95: stream.latency_ms.p95,
                   read: stream.read_rate, tracked: stream.tracked_rate, dropped: stream.frames_dropped });
    samples.splice(0, samples.findIndex((sample) => sample.time >= now - longest));
  }
  addOccupancy(streams, now, longest);
}

function dropsOf(samples) {
  return samples.slice(1).map((sample, i) => [sample.time, 1000 * Math.max(0, sample.dropped - samples[i].dropped) / Math.max(1, sample.time - samples[i].time)]);
}

function drawCharts() {
  const lines = streams.map(({ name }, i) => ({ name, samples: history.get(name) ?? [], color: seriesColor(i) }));
  const series = (field, dashed = false, suffix = '') => lines.map(({ name, samples, color }) =>
    ({ name: name + suffix, color, dashed, points: samples.map((sample) => [sample.time, sample[field]]) }));
  drawChart(byId('chart-objects'), series('objects'), { longest });
  drawChart(byId('chart-latency'), [...series('p95', true, ' p95'), ...series('median')], { longest, unit: ' ms' });
  drawChart(byId('chart-rate'), [...series('read', true, ' received'), ...series('tracked')], { longest });
  drawChart(byId('chart-drops'), lines.map(({ name, samples, color }) => ({ name, color, points: dropsOf(samples) })), { longest });
  byId('legend').replaceChildren(...(lines.length > 1 ? lines : []).map(({ name, color }) => {
    const entry = element('span', '', name);
    entry.style.setProperty('--color', color);
    return entry;
  }));
  drawOccupancy(longest);
}

// Loads the server's history for the time before the page was opened, or while it was hidden.
async function loadHistory() {
  const past = await ask('api/history');
  loadOccupancy(past);
  for (const [name, s] of Object.entries(past)) {
    history.set(name, s.time_ms.map((time, i) => ({ time, objects: s.objects[i], median: s.median_ms[i], p95: s.p95_ms[i],
                                                    read: s.read_rate[i], tracked: s.tracked_rate[i], dropped: s.dropped[i] })));
  }
}

// Polling.

async function ask(path) {
  const response = await fetch(address(path), { cache: 'no-store' });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function refresh() {
  const [health, identities] = await Promise.all([ask('api/health'), ask('api/identities')]);
  streams = health.streams;
  longest = 1000 * health.history_s;
  showHead(health);
  showCameras(streams, { problem: viewMessage, identities: identities.current, canEdit });
  showHealth(health);
  addSamples();
  drawCharts();
  showGallery(identities, new Map(streams.map((stream) => [stream.name, stream.time_s])));
}

function showAway() {
  byId('status').className = 'pill bad';
  setText('status', 'server unreachable');
}

async function follow(signal) {
  let known = false;
  while (!signal.aborted) {
    try {
      if (!known) {
        await loadHistory();
        canEdit = await prepareEditing();
      }
      known = true;
      await refresh();
    } catch {
      known = false;
      showAway();
    }
    await new Promise((resume) => setTimeout(resume, 1000));
  }
}

let running = null;
function start() {
  if (document.hidden || running) return;
  running = new AbortController();
  watch(showPicture, (message) => { viewMessage = message; }, running.signal);
  follow(running.signal);
}
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) return start();
  running?.abort();  // a hidden page causes no load
  running = null;
});
for (const id of ['objects', 'latency', 'rate', 'drops', 'occupancy']) followPointer(byId(`chart-${id}`), drawCharts);
window.addEventListener('resize', drawCharts);
followAddress();
start();
