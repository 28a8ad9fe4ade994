// Provides helpers that the other scripts share.

export function element(name, className = '', text = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function duration(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor(whole / 3600) % 24} h`;
}

export function count(number) {
  return number.toLocaleString('en').replaceAll(',', '\u2009');
}

// Colors that are distinguishable on dark and light backgrounds.
const palette = ['#14b8a6', '#f59e0b', '#8b5cf6', '#ef4444', '#3b82f6', '#84cc16', '#ec4899', '#a16207'];
export const seriesColor = (index) => palette[index % palette.length];

// Returns the URL of a path on the server. It is built from the origin, because the page's own URL may contain the token
// as credentials, which fetch does not accept.
export const address = (path) => new URL(path, location.origin + location.pathname).href;

export function button(text, onClick, className = '') {
  const made = element('button', className, text);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

// A labeled input; `onChange` gets its value when the user has changed it.
export function field(label, value, onChange, type = 'text') {
  const made = element('label', 'field');
  const input = element('input');
  Object.assign(input, { type, value, autocomplete: 'off' });
  input.addEventListener('change', () => onChange(input.value));
  made.append(element('span', '', label), input);
  return made;
}
