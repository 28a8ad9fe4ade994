// Receives live views: one connection delivers the pictures of all cameras; each part names its camera.

import { address } from './text.js';

function append(a, b) {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

// Returns the index after the blank line that ends the headers, or -1.
function endOfHeaders(bytes) {
  for (let i = 3; i < bytes.length; ++i) {
    if (bytes[i] === 10 && bytes[i - 1] === 13 && bytes[i - 2] === 10 && bytes[i - 3] === 13) return i + 1;
  }
  return -1;
}

async function* parts(body) {
  const reader = body.getReader();
  let bytes = new Uint8Array(0);
  const more = async () => {
    const { done, value } = await reader.read();
    if (!done) bytes = append(bytes, value);
    return !done;
  };
  for (;;) {
    let start;
    while ((start = endOfHeaders(bytes)) < 0) if (!await more()) return;
    const headers = new TextDecoder().decode(bytes.subarray(0, start));
    const end = start + Number(/Content-Length: (\d+)/i.exec(headers)[1]);
    while (bytes.length < end) if (!await more()) return;
    yield { camera: Number(/X-Camera: (\d+)/i.exec(headers)[1]), jpeg: bytes.slice(start, end) };
    bytes = bytes.slice(end);
  }
}

// Calls show(camera, bitmap) for each picture until the signal aborts; reconnects if the connection is lost.
// Of the pictures that arrive during decoding only the newest is kept, so that a slow phone stays up to date.
export async function watch(show, report, signal) {
  const waiting = new Map();
  const busy = new Set();
  const decode = async (camera) => {
    busy.add(camera);
    try {
      while (waiting.has(camera) && !signal.aborted) {
        const jpeg = waiting.get(camera);
        waiting.delete(camera);
        const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
        show(camera, bitmap);
        bitmap.close();
      }
    } catch { /* skips a picture that cannot be decoded */ } finally {
      busy.delete(camera);
    }
  };
  while (!signal.aborted) {
    try {
      const response = await fetch(address('view.mjpg'), { signal, cache: 'no-store' });
      if (response.ok) {
        report('');
        for await (const { camera, jpeg } of parts(response.body)) {
          waiting.set(camera, jpeg);
          if (!busy.has(camera)) decode(camera);
        }
      } else {
        report((await response.text()).trim());
      }
    } catch { /* the server is unreachable; the status shows it */ }
    if (!signal.aborted) await new Promise((resume) => setTimeout(resume, 1500));
  }
}
