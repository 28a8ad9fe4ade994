// Loads the zones of the run and saves them; remembers the editor's token until the page is closed.

import { address } from './text.js';

let token = null;  // null: the browser sends what the user has entered to see the page

// Returns { revision, zones, cameras, classes, may_edit }; null if zones cannot be drawn in this run.
export async function loadDesk() {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const response = await fetch(address('api/zones'), { cache: 'no-store', headers });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
}

// Saves all zones; returns { desk } or { problem, changed, refused }: what is wrong, whether the file has changed
// meanwhile, and whether the token does not allow it.
export async function saveDesk(desk, zones, newToken) {
  const given = newToken || token;
  const headers = { 'Content-Type': 'application/json', ...(given ? { Authorization: `Bearer ${given}` } : {}) };
  let response;
  try {
    response = await fetch(address('api/zones'), { method: 'PUT', headers, body: JSON.stringify({ revision: desk.revision, zones }) });
  } catch {
    return { problem: 'The server cannot be reached. Your zones are still here; try again.' };
  }
  if (response.ok) {
    token = given;
    return { desk: await response.json() };
  }
  const problem = (await response.text()).trim();
  return { problem, changed: response.status === 409, refused: [401, 403, 429].includes(response.status) };
}

const inPicture = (zone, camera) => zone.in_pixels && camera.width > 0 ? [camera.width, camera.height] : [1, 1];

// The zones of a camera for drawing: points become shares of the picture. `origin` is the zone as saved.
export function zonesOf(desk, camera) {
  return desk.zones.filter((zone) => zone.cameras.length === 0 || zone.cameras.includes(camera.name)).map((origin) => {
    const [width, height] = inPicture(origin, camera);
    const zone = structuredClone(origin);
    zone.points = zone.points.map(([x, y]) => [x / width, y / height]);
    return { ...zone, origin };
  });
}

// All zones as they are to be saved. The points of a zone that was not moved stay exactly as they were.
export function allZones(desk, camera, drawn) {
  const before = zonesOf(desk, camera);
  const saved = drawn.map(({ origin, ...zone }) => {
    const former = before.find((other) => other.origin === origin);
    const [width, height] = inPicture(zone, camera);
    const moved = JSON.stringify(former?.points) !== JSON.stringify(zone.points);
    zone.points = moved ? zone.points.map(([x, y]) => zone.in_pixels ? [Math.round(x * width), Math.round(y * height)] : [x, y]) : origin.points;
    return [origin, zone];
  });
  const replaced = new Map(saved.filter(([origin]) => origin));
  const others = desk.zones.filter((zone) => replaced.has(zone) || !before.some(({ origin }) => origin === zone));
  return [...others.map((zone) => replaced.get(zone) ?? zone), ...saved.filter(([origin]) => !origin).map(([, zone]) => zone)];
}
