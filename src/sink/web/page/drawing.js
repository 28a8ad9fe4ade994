// Draws the zones of one camera over its picture, and moves their points by pointer and by keys.

const namespace = 'http://www.w3.org/2000/svg';
const near = 22;     // pixels within which a finger hits a point
const onEdge = 14;   // pixels within which it hits an edge
const steps = { normal: 0.005, large: 0.05, small: 0.001 };  // of the arrow keys, in shares of the picture
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const clamp = (value) => Math.min(1, Math.max(0, Math.round(value * 10000) / 10000));
export const leastPoints = (zone) => zone.shape === 'line' ? 2 : 3;
export const placeText = ([x, y]) => `${Math.round(100 * x)} % from the left, ${Math.round(100 * y)} % from the top`;

function shape(name, attributes, parent) {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return parent.appendChild(made);
}

// The edges of a zone as pairs of indices.
function edges(zone) {
  const count = zone.points.length;
  return zone.points.map((_, i) => [i, (i + 1) % count]).slice(0, zone.shape === 'line' ? count - 1 : count);
}

export function longestEdge(zone) {
  const length = ([a, b]) => Math.hypot(zone.points[a][0] - zone.points[b][0], zone.points[a][1] - zone.points[b][1]);
  return edges(zone).reduce((best, edge) => length(edge) > length(best) ? edge : best);
}

const middle = (zone, [a, b]) => [0, 1].map((axis) => clamp((zone.points[a][axis] + zone.points[b][axis]) / 2));

export function addPoint(zone, edge) {
  zone.points.splice(edge[0] + 1, 0, middle(zone, edge));
  return edge[0] + 1;
}

function contains(points, [x, y]) {
  let inside = false;
  points.forEach(([ax, ay], i) => {
    const [bx, by] = points[(i + 1) % points.length];
    if ((ay > y) !== (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)) inside = !inside;
  });
  return inside;
}

// model: { zones, selected, drawing: null | 'line' | 'polygon', draft, cross }, with points in shares of the picture.
// changes: before() is called before a change, after() after it, say(text) tells users of screen readers,
// finish() ends the drawing of a zone.
export class Drawing {
  constructor(stage, size, model, changes) {
    Object.assign(this, { stage, model, changes, drag: null, keyed: null });
    this.height = 1000 * size.height / size.width;
    this.svg = shape('svg', { class: 'drawing', viewBox: `0 0 1000 ${this.height}`, tabindex: 0, role: 'application' }, stage);
    this.svg.addEventListener('pointerdown', (event) => this.press(event));
    this.svg.addEventListener('pointermove', (event) => this.move(event));
    for (const end of ['pointerup', 'pointercancel']) this.svg.addEventListener(end, () => { this.drag = null; });
    this.svg.addEventListener('keydown', (event) => this.key(event));
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.svg);
  }

  close() {
    this.resized.disconnect();
    this.svg.remove();
  }

  // Pixels on the screen per unit of the drawing.
  get scale() { return Math.min(this.svg.clientWidth / 1000, this.svg.clientHeight / this.height) || 1; }

  place(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [clamp(point.x / 1000), clamp(point.y / this.height)];
  }

  pixels(a, b) { return this.scale * Math.hypot(1000 * (a[0] - b[0]), this.height * (a[1] - b[1])); }

  distanceToEdge(zone, [a, b], point) {
    const [from, to] = [zone.points[a], zone.points[b]];
    const along = [1000 * (to[0] - from[0]), this.height * (to[1] - from[1])];
    const length = along[0] ** 2 + along[1] ** 2;
    const offset = [1000 * (point[0] - from[0]), this.height * (point[1] - from[1])];
    const share = length > 0 ? Math.min(1, Math.max(0, (along[0] * offset[0] + along[1] * offset[1]) / length)) : 0;
    return this.pixels(point, [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
  }

  // Pointers.

  press(event) {
    event.preventDefault();
    this.svg.focus({ preventScroll: true });
    const point = this.place(event);
    if (this.model.drawing) return this.setPoint(point);
    if (this.grab(point)) {
      this.svg.setPointerCapture(event.pointerId);
    } else {
      const hit = this.model.zones.findIndex((zone) => edges(zone).some((edge) => this.distanceToEdge(zone, edge, point) < onEdge));
      const within = this.model.zones.findIndex((zone) => zone.shape === 'polygon' && contains(zone.points, point));
      this.model.selected = hit >= 0 ? hit : within >= 0 ? within : null;
    }
    this.changes.after();
  }

  // Begins to drag the point here, or a new one in the middle of an edge. Returns whether there is any.
  grab(point) {
    const zone = this.model.zones[this.model.selected];
    if (!zone) return false;
    const index = zone.points.findIndex((other) => this.pixels(other, point) < near);
    const edge = index >= 0 ? null : edges(zone).find((other) => this.pixels(middle(zone, other), point) < near);
    if (index < 0 && !edge) return false;
    this.changes.before();
    this.drag = { zone, index: edge ? addPoint(zone, edge) : index };
    return true;
  }

  move(event) {
    if (!this.drag) return;
    this.drag.zone.points[this.drag.index] = this.place(event);
    this.changes.after();
  }

  // Drawing.

  setPoint(point) {
    const { draft, drawing } = this.model;
    const closes = drawing === 'polygon' && draft.length >= 3 && this.pixels(draft[0], point) < near;
    const repeats = draft.length > 0 && this.pixels(draft.at(-1), point) < 8;
    if (closes || (repeats && draft.length >= leastPoints({ shape: drawing }))) return this.changes.finish();
    if (!repeats) draft.push(point);
    this.changes.say(`point ${draft.length}: ${placeText(point)}`);
    this.changes.after();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey) return;  // undo belongs to the editor
    const index = event.target.dataset.point;
    const used = this.model.drawing ? this.keyDrawing(event) : index !== undefined && this.keyPoint(event, Number(index));
    if (used) event.preventDefault();
  }

  static moved(point, event) {
    const step = event.shiftKey ? steps.large : event.altKey ? steps.small : steps.normal;
    return point.map((value, axis) => clamp(value + step * arrows[event.key][axis]));
  }

  keyDrawing(event) {
    const { model } = this;
    if (arrows[event.key]) {
      model.cross = Drawing.moved(model.cross ?? [0.5, 0.5], event);
      this.changes.say(placeText(model.cross));
    } else if (event.key === 'Enter' || event.key === ' ') {
      model.cross ??= [0.5, 0.5];
      return this.setPoint(model.cross), true;
    } else if (event.key === 'Backspace') {
      model.draft.pop();
    } else if (event.key === 'Escape') {
      Object.assign(model, { drawing: null, draft: [] });
    } else {
      return false;
    }
    this.changes.after();
    return true;
  }

  keyPoint(event, index) {
    const zone = this.model.zones[this.model.selected];
    if (arrows[event.key]) {
      if (this.keyed?.zone !== zone || this.keyed.index !== index) this.changes.before();
      this.keyed = { zone, index };  // several steps of one point are undone together
      zone.points[index] = Drawing.moved(zone.points[index], event);
      this.changes.say(placeText(zone.points[index]));
    } else if (event.key === 'Delete' && zone.points.length > leastPoints(zone)) {
      this.changes.before();
      this.keyed = null;
      zone.points.splice(index, 1);
    } else {
      return false;
    }
    this.changes.after();
    return true;
  }

  // Picture.

  at([x, y]) { return [1000 * x, this.height * y]; }
  path(points) { return points.map((point) => this.at(point).join(',')).join(' '); }

  draw() {
    const focused = this.svg.contains(document.activeElement) ? document.activeElement.dataset.point : undefined;
    this.svg.replaceChildren();
    this.svg.classList.toggle('setting', this.model.drawing !== null);
    this.model.zones.forEach((zone, i) => this.drawZone(zone, i === this.model.selected && !this.model.drawing));
    if (this.model.drawing) this.drawDraft();
    if (focused !== undefined) this.svg.querySelector(`[data-point="${focused}"]`)?.focus({ preventScroll: true });
  }

  drawZone(zone, selected) {
    const group = shape('g', { class: `${zone.shape} ${selected ? 'selected' : ''}` }, this.svg);
    shape(zone.shape === 'line' ? 'polyline' : 'polygon', { points: this.path(zone.points) }, group);
    if (zone.shape === 'line') this.drawArrow(zone, group);
    const [x, y] = this.at(zone.points[0]);
    const right = x > 700;
    const name = shape('text', { x: x + (right ? -10 : 10) / this.scale, y: y - 12 / this.scale, 'font-size': 14 / this.scale,
                                 'text-anchor': right ? 'end' : 'start' }, group);
    if (y < 30 / this.scale) name.setAttribute('y', y + 24 / this.scale);
    name.textContent = zone.name;
    if (selected) this.drawPoints(zone, group);
  }

  drawPoints(zone, group) {
    for (const edge of edges(zone)) {
      const [cx, cy] = this.at(middle(zone, edge));
      shape('circle', { cx, cy, r: 5 / this.scale, class: 'between' }, group);
    }
    zone.points.forEach((point, i) => {
      const [cx, cy] = this.at(point);
      shape('circle', { cx, cy, r: 9 / this.scale, class: 'point', tabindex: 0, role: 'button', 'data-point': i,
                        'aria-roledescription': 'point', 'aria-label': `${zone.name}, point ${i + 1} of ${zone.points.length}: ${placeText(point)}` }, group);
    });
  }

  // An arrow to the right side of the longest edge, which is the first direction of the line.
  drawArrow(zone, group) {
    const [a, b] = longestEdge(zone).map((index) => this.at(zone.points[index]));
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    const along = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
    const side = [-along[1], along[0]];
    const from = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const size = 30 / this.scale;
    const to = (ahead, aside) => [from[0] + size * (ahead * side[0] + aside * along[0]), from[1] + size * (ahead * side[1] + aside * along[1])];
    shape('polyline', { class: 'arrow', points: [from, to(1, 0), to(.65, .25), to(1, 0), to(.65, -.25)].map((p) => p.join(',')).join(' ') }, group);
    if (!group.classList.contains('selected')) return;
    zone.directions.forEach((name, i) => {
      const [x, y] = to(i === 0 ? 1.5 : -.7, 0);
      shape('text', { x, y, class: 'direction', 'font-size': 13 / this.scale, 'text-anchor': 'middle', 'dominant-baseline': 'middle' }, group).textContent = name;
    });
  }

  drawDraft() {
    const { draft, drawing, cross } = this.model;
    const group = shape('g', { class: `${drawing} draft` }, this.svg);
    shape('polyline', { points: this.path(draft) }, group);
    draft.forEach((point, i) => {
      const [cx, cy] = this.at(point);
      shape('circle', { cx, cy, r: (i === 0 ? 10 : 7) / this.scale, class: 'point' }, group);
    });
    if (!cross) return;
    const [x, y] = this.at(cross);
    shape('path', { class: 'cross', d: `M${x} 0V${this.height}M0 ${y}H1000` }, group);
  }
}
