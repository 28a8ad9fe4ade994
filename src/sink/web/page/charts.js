// Draws line charts on a canvas; time runs from left to right, with "now" at the right edge.

function niceStep(span, count) {
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= raw);
}

function timeStep(span) {
  return [10, 15, 30, 60, 120, 300].map((s) => s * 1000).find((step) => span / step <= 5) ?? 300_000;
}

function ago(ms) {
  if (ms === 0) return 'now';
  const seconds = Math.round(ms / 1000);
  return seconds % 60 === 0 ? `−${seconds / 60} min` : `−${seconds} s`;
}

// series: [{ color, dashed, name, points: [[time_ms, value], ...] }]
// longest: longest time span shown, in milliseconds
export function drawChart(canvas, series, { longest, unit = '', now = Date.now() } = {}) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (width === 0) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  context.font = `12px ${style.fontFamily}`;

  const values = series.flatMap((line) => line.points.map((point) => point[1]));
  const first = Math.min(now - 60_000, ...series.filter((line) => line.points.length).map((line) => line.points[0][0]));
  const begin = Math.max(first, now - longest);
  const step = niceStep(Math.max(1, ...values) * 1.05, 4);
  const top = Math.max(step, Math.ceil(Math.max(1, ...values) / step) * step);
  const levels = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => +(i * step).toFixed(2));
  const area = { left: 8 + Math.max(...levels.map((level) => context.measureText(String(level)).width)), right: width - 6, top: 8, bottom: height - 22 };
  const x = (time) => area.left + (area.right - area.left) * (time - begin) / (now - begin);
  const y = (value) => area.bottom - (area.bottom - area.top) * value / top;

  context.strokeStyle = color('--line');
  context.fillStyle = color('--quiet');
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const level of levels) {
    const at = Math.round(y(level)) + .5;
    context.beginPath(); context.moveTo(area.left, at); context.lineTo(area.right, at); context.stroke();
    context.fillText(String(level), area.left - 5, at);
  }
  context.textBaseline = 'alphabetic';
  const tick = timeStep(now - begin);
  for (let back = 0; back <= now - begin - tick / 4; back += tick) {
    const at = x(now - back);
    context.textAlign = back === 0 ? 'right' : at < area.left + 20 ? 'left' : 'center';
    context.fillText(ago(back), at, height - 5);
  }

  context.lineJoin = 'round';
  context.save();
  context.beginPath(); context.rect(area.left, 0, area.right - area.left + 3, height); context.clip();
  for (const line of series) {
    context.strokeStyle = line.color;
    context.lineWidth = line.dashed ? 1.2 : 2;
    context.setLineDash(line.dashed ? [4, 4] : []);
    context.beginPath();
    let last = -Infinity;
    for (const [time, value] of line.points) {
      if (time - last > 5000) context.moveTo(x(time), y(value)); else context.lineTo(x(time), y(value));
      last = time;
    }
    context.stroke();
  }
  context.restore();
  drawReading(canvas, context, series, { x, y, area, begin, now, unit, color, width });
  canvas.dataset.points = values.length;
}

// Draws the values at the position of the pointer.
function drawReading(canvas, context, series, { x, area, begin, now, unit, color, width }) {
  if (canvas.pointer === undefined) return;
  const time = begin + (now - begin) * (canvas.pointer - area.left) / (area.right - area.left);
  const rows = [];
  for (const line of series) {
    const near = line.points.reduce((best, point) => Math.abs(point[0] - time) < Math.abs(best[0] - time) ? point : best, [Infinity, 0]);
    if (Math.abs(near[0] - time) < 5000) rows.push({ color: line.color, text: `${line.name}  ${+near[1].toFixed(1)}${unit}` });
  }
  if (!rows.length) return;
  const at = Math.min(area.right, Math.max(area.left, canvas.pointer));
  context.setLineDash([]);
  context.strokeStyle = color('--quiet');
  context.lineWidth = 1;
  context.beginPath(); context.moveTo(at, area.top); context.lineTo(at, area.bottom); context.stroke();
  const boxWidth = Math.max(...rows.map((row) => context.measureText(row.text).width)) + 30;
  const left = Math.max(0, at + 12 + boxWidth > width ? at - 12 - boxWidth : at + 12);
  context.fillStyle = color('--raised');
  context.beginPath(); context.roundRect(left, area.top, boxWidth, rows.length * 18 + 10, 6); context.fill(); context.stroke();
  context.textAlign = 'left';
  rows.forEach((row, i) => {
    const line = area.top + 18 + i * 18;
    context.fillStyle = row.color;
    context.fillRect(left + 8, line - 6, 10, 3);
    context.fillStyle = color('--text');
    context.fillText(row.text, left + 24, line);
  });
}

export function followPointer(canvas, redraw) {
  canvas.addEventListener('pointermove', (event) => { canvas.pointer = event.offsetX; redraw(); });
  canvas.addEventListener('pointerleave', () => { canvas.pointer = undefined; redraw(); });
}
