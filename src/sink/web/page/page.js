// Updates the page: polls the server once a second and shows the results.

import { drawChart, followPointer } from './charts.js';
import { edit, prepareEditing } from './editor.js';
import { showGallery } from './gallery.js';
import { followAddress, openIdentity } from './identity.js';
import { address, button, count, duration, element, seriesColor } from './text.js';
import { watch } from './view.js';
import { makeHeatButton, showZones } from './zones.js';

const byId = (id) => document.getElementById(id);
const setText = (id, text) => { if (byId(id).textContent !== text) byId(id).textContent = text; };
const look = { streaming: 'good', connecting: 'warn', stalled: 'warn', reconnecting: 'bad', ended: '' };

const cards = new Map();    // stream name -> card of its live view
const cameras = new Map();  // camera number -> the same card
const history = new Map();  // stream name -> samples
let streams = [];
let present = [];  // identities in view
let viewMessage = '';
let canEdit = false;  // zones can be drawn in this run
let longest = Infinity;  // time span of the charts in milliseconds, given by the server

// Live views.

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
  byId('cameras').append(card);
  return card;
}

// The identity at which the user points in a live view, if there is one.
function personAt(name, canvas, event) {
  const size = streams.find((stream) => stream.name === name)?.size;
  if (!size?.[0] || event.detail === 0) return undefined;  // opened by a key
  const place = canvas.getBoundingClientRect();
  const scale = Math.min(place.width / size[0], place.height / size[1]);
  const x = (event.clientX - place.left - (place.width - scale * size[0]) / 2) / scale;
  const y = (event.clientY - place.top - (place.height - scale * size[1]) / 2) / scale;
  const within = present.filter(({ source, box }) => source === name && x >= box[0] && x <= box[0] + box[2] && y >= box[1] && y <= box[1] + box[3]);
  return within.sort((a, b) => a.box[2] * a.box[3] - b.box[2] * b.box[3])[0];
}

function makeEditButton(card, name, choose) {
  const made = button('Draw zones', async () => {
    choose(true);
    made.setAttribute('aria-pressed', 'true');
    await edit(card, name, () => {
      made.setAttribute('aria-pressed', 'false');
      choose(false);
      made.focus();
    });
  }, 'edit');
  made.setAttribute('aria-pressed', 'false');
  made.hidden = true;
  return made;
}

function show(camera, bitmap) {
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

function messageOf(stream, drawn) {
  if (stream.state === 'streaming' || stream.state === 'ended') return drawn ? '' : viewMessage || (stream.state === 'ended' ? 'no picture' : 'waiting for the first frame');
  return stream.reason || `${stream.state} …`;
}

function latencyText(stream) {
  return stream.latency_ms.median > 0 ? ` · ${Math.round(stream.latency_ms.median)} ms` : '';
}

function showCameras() {
  for (const stream of streams) {
    const card = cards.get(stream.name) ?? makeCard(stream.name);
    cards.set(stream.name, card);
    if (stream.camera !== null) cameras.set(stream.camera, card);
    const drawn = card.querySelector('canvas').dataset.frames !== undefined;
    const pill = card.querySelector('.pill');
    pill.className = `pill ${look[stream.state]}`;
    pill.textContent = stream.state;
    card.querySelector('.message').textContent = messageOf(stream, drawn);
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
  byId('cameras').classList.toggle('single', cards.size === 1);
}

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
}

// Loads the server's history for the time before the page was opened, or while it was hidden.
async function loadHistory() {
  const past = await ask('api/history');
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
  present = identities.current;
  longest = 1000 * health.history_s;
  showHead(health);
  showCameras();
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
  watch(show, (message) => { viewMessage = message; }, running.signal);
  follow(running.signal);
}
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) return start();
  running?.abort();  // a hidden page causes no load
  running = null;
});
for (const id of ['objects', 'latency', 'rate', 'drops']) followPointer(byId(`chart-${id}`), drawCharts);
window.addEventListener('resize', drawCharts);
followAddress();
start();
