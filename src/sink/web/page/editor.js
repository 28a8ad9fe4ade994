// Lets editors draw, move, name and delete the zones of a camera on its live picture, and save them.

import { allZones, loadDesk, saveDesk, zonesOf } from './desk.js';
import { Drawing, addPoint, leastPoints, longestEdge } from './drawing.js';
import { address, button, element, field } from './text.js';

const pictureInterval = 500;  // milliseconds between two live pictures while zones are drawn

let desk = null;
let open = null;  // the editor in use

// Returns whether zones can be drawn in this run.
export async function prepareEditing() {
  try {
    desk = await loadDesk();
  } catch {
    return true;  // whoever opens the editor is told what is wrong
  }
  return desk !== null;
}

class Editor {
  constructor(card, camera, onClose) {
    Object.assign(this, { card, camera, onClose, past: [], origins: [], saved: '' });
    this.stage = card.querySelector('.stage');
    this.model = { zones: zonesOf(desk, camera), selected: null, drawing: null, draft: [], cross: null };
    this.saved = this.snapshot();
    this.makePanel();
    this.picture = this.stage.appendChild(element('img', 'plain'));
    this.picture.alt = '';
    this.refresh();
    this.timer = setInterval(() => this.refresh(), pictureInterval);
    this.drawing = new Drawing(this.stage, camera, this.model, {
      before: () => this.remember(), after: () => this.show(), say: (text) => { this.status.textContent = text; },
      finish: () => this.finishDrawing(),
    });
    card.classList.add('editing');
    this.onKey = (event) => this.key(event);
    card.addEventListener('keydown', this.onKey);
    this.show();
    this.panel.querySelector('button').focus();
  }

  close() {
    clearInterval(this.timer);
    this.drawing.close();
    this.picture.remove();
    this.panel.remove();
    this.card.classList.remove('editing');
    this.card.removeEventListener('keydown', this.onKey);
    open = null;
    this.onClose();
  }

  refresh() {
    if (!document.hidden) this.picture.src = address(`picture.jpg?camera=${this.camera.camera}&time=${Date.now()}`);
  }

  // Changes and their undoing.

  snapshot() { return JSON.stringify(this.model.zones, (key, value) => key === 'origin' ? undefined : value); }

  remember() {
    this.past.push(structuredClone({ zones: this.model.zones.map(({ origin, ...zone }) => zone), selected: this.model.selected }));
    this.origins.push(this.model.zones.map(({ origin }) => origin));
    this.leaving = false;
    this.drawing.keyed = null;
  }

  undo() {
    const last = this.past.pop();
    if (!last) return;
    const origins = this.origins.pop();
    this.model.zones = last.zones.map((zone, i) => ({ ...zone, origin: origins[i] }));
    Object.assign(this.model, { selected: last.selected, drawing: null, draft: [] });
    this.drawing.keyed = null;
    this.status.textContent = 'undone';
    this.show();
  }

  change(apply) {
    this.remember();
    apply();
    this.show();
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'z' || event.target.matches('input')) return;
    event.preventDefault();
    this.undo();
  }

  begin(kind) {
    Object.assign(this.model, { drawing: kind, draft: [], cross: null, selected: null });
    this.message('');
    this.status.textContent = `Tap the picture to set the points${kind === 'polygon' ? ' in order' : ''}, then Done. ` +
      'With a keyboard: arrow keys move the cross, Enter sets a point.';
    this.show();
    this.drawing.svg.focus();
  }

  finishDrawing() {
    const { drawing, draft, zones } = this.model;
    const least = leastPoints({ shape: drawing });
    if (draft.length < least) return this.message(`${drawing === 'line' ? 'A line' : 'An area'} needs at least ${least} points.`);
    const kind = drawing === 'line' ? 'line' : 'area';
    let number = 1;
    while (desk.zones.some(({ name }) => name === `${kind} ${number}`) || zones.some(({ name }) => name === `${kind} ${number}`)) ++number;
    this.remember();
    zones.push({ name: `${kind} ${number}`, shape: drawing, points: draft, in_pixels: false, classes: [], alone: 0, band: .1,
                 cameras: desk.cameras.length > 1 ? [this.camera.name] : [], directions: ['in', 'out'] });
    Object.assign(this.model, { drawing: null, draft: [], selected: zones.length - 1 });
    this.status.textContent = `${kind} ${number} added; now give it a name`;
    this.show();
    this.panel.querySelector('.details input')?.select();
  }

  // Panel.

  makePanel() {
    this.panel = element('section', 'panel');
    this.stage.after(this.panel);
    this.panel.setAttribute('aria-label', `Zones of ${this.camera.name}`);
    const tools = this.panel.appendChild(element('div', 'tools'));
    this.tools = {
      line: button('New line', () => this.begin('line')), polygon: button('New area', () => this.begin('polygon')),
      done: button('Done', () => this.finishDrawing()), undo: button('Undo', () => this.undo()),
    };
    tools.append(...Object.values(this.tools));
    this.status = this.panel.appendChild(element('p', 'hint'));
    this.status.setAttribute('role', 'status');
    this.status.textContent = 'Tap a zone to change it. Drag its points; arrow keys move a focused point (with Shift farther), Delete removes it.';
    this.list = this.panel.appendChild(element('div', 'names'));
    this.details = this.panel.appendChild(element('div', 'details'));
    this.alert = this.panel.appendChild(element('p', 'problem'));
    this.alert.setAttribute('role', 'alert');
    const end = this.panel.appendChild(element('div', 'tools'));
    this.token = field('Editor’s token', '', () => {}, 'password');
    this.token.hidden = desk.may_edit;
    this.saving = button('Save', () => this.save(), 'main');
    this.reload = button('Load the file', () => this.startAgain());
    this.reload.hidden = true;
    end.append(this.token, this.saving, this.reload, button('Close', () => this.leave()));
  }

  message(text) { this.alert.textContent = text; }

  show() {
    const { model, tools } = this;
    tools.done.hidden = !model.drawing;
    tools.undo.disabled = this.past.length === 0;
    for (const kind of ['line', 'polygon']) tools[kind].setAttribute('aria-pressed', String(model.drawing === kind));
    this.saving.disabled = model.drawing !== null || this.snapshot() === this.saved;
    this.drawing.draw();
    const focused = [...this.list.children].indexOf(document.activeElement);
    this.list.replaceChildren(...model.zones.map((zone, i) => {
      const choice = button(zone.name || 'without name', () => { model.selected = model.selected === i ? null : i; this.show(); });
      choice.setAttribute('aria-pressed', String(i === model.selected));
      return choice;
    }));
    this.list.children[focused]?.focus();
    const zone = model.drawing ? undefined : model.zones[model.selected];
    if (this.shown === zone && zone) return;  // what the user types in stays
    this.shown = zone;
    this.details.replaceChildren(...(zone ? this.fieldsOf(zone) : []));
  }

  fieldsOf(zone) {
    const set = (apply) => (value) => this.change(() => apply(value));
    const names = (text) => text.split(',').map((name) => name.trim()).filter((name) => name);
    const fields = [field('Name', zone.name, set((value) => { zone.name = value.trim(); }))];
    const classes = field('Classes', zone.classes.join(', '), set((value) => { zone.classes = names(value); }));
    classes.querySelector('input').placeholder = desk.classes.length ? `all, or ${desk.classes.slice(0, 2).join(', ')} …` : 'all';
    fields.push(classes);
    if (zone.shape === 'line') {
      const turn = () => { zone.points.reverse(); };
      fields.push(field('First direction', zone.directions[0], set((value) => { zone.directions[0] = value.trim(); })),
                  field('Second direction', zone.directions[1], set((value) => { zone.directions[1] = value.trim(); })),
                  button('Turn around', () => this.change(turn)));
    } else {
      fields.push(field('Alone after (s)', zone.alone || '', set((value) => { zone.alone = Number(value) || 0; }), 'number'));
    }
    const remove = () => this.change(() => {
      this.model.zones.splice(this.model.zones.indexOf(zone), 1);
      this.model.selected = null;
    });
    fields.push(button('Add point', () => this.change(() => addPoint(zone, longestEdge(zone)))), button('Delete zone', remove, 'danger'));
    if (desk.cameras.length > 1 && zone.cameras.length !== 1)
      fields.push(element('p', 'hint', zone.cameras.length ? `On the cameras ${zone.cameras.join(', ')}.` : 'On all cameras.'));
    return fields;
  }

  // Saving.

  async save() {
    this.message('');
    this.saving.disabled = true;
    const result = await saveDesk(desk, allZones(desk, this.camera, this.model.zones), this.token.querySelector('input').value);
    if (result.desk) {
      ({ desk } = result);
      this.startAgain('Saved. The zones count from now on.', desk);
      return;
    }
    if (result.refused) this.token.hidden = false;
    this.reload.hidden = !result.changed;
    this.message(result.problem + (result.changed ? '. Load the file to see it; what you have drawn is lost then.' : ''));
    this.saving.disabled = false;
    if (result.refused) this.token.querySelector('input').focus();
  }

  // Shows the zones of the file instead of those drawn.
  async startAgain(text = 'Loaded.', given = null) {
    try {
      desk = given ?? await loadDesk();
    } catch (error) {
      return this.message(error.message);
    }
    this.past = [];
    this.origins = [];
    Object.assign(this.model, { zones: zonesOf(desk, this.camera), selected: null, drawing: null, draft: [] });
    this.saved = this.snapshot();
    this.token.hidden = desk.may_edit || this.token.querySelector('input').value !== '';
    this.reload.hidden = true;
    this.message('');
    this.status.textContent = text;
    this.show();
  }

  leave() {
    const changed = this.snapshot() !== this.saved;
    if (changed && !this.leaving) {
      this.leaving = true;
      return this.message('There are unsaved changes. Close again to throw them away.');
    }
    this.close();
  }
}

// Opens the editor of a camera in its card, or closes it.
export async function edit(card, name, onClose) {
  if (open) {
    const same = open.card === card;
    open.leave();
    if (same || open) return;
  }
  desk = await loadDesk();
  const camera = desk.cameras.find((other) => other.name === name);
  if (!camera || camera.width === 0) return onClose();
  open = new Editor(card, camera, onClose);
}
