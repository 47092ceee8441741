// Reads untrusted values as the types that the page needs. They may be of any type: nothing here
// throws, and nothing here hands on more than it was asked for.

/** Any value as text: what is none as JSON, what is too long cut. */
export function text(value, most = 2000) {
  const whole = typeof value === 'string' ? value : value === null || value === undefined ? '' : json(value);
  return whole.length > most ? `${whole.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…` : whole;
}

/** The same; null when there is nothing to read. */
export function textOrNull(value, most) {
  return text(value, most) || null;
}

export function number(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A count, or a place in a numbering. */
export function whole(value) {
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object(value) {
  return isObject(value) ? value : {};
}

export function list(value) {
  return Array.isArray(value) ? value : [];
}

const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** Milliseconds since 1970; null for an invalid time, or one outside the calendar. */
export function time(value) {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN;
  return ms >= FIRST && ms <= LAST ? ms : null;
}

/** From one time to another, where both are known. */
export function between(start, end) {
  return start === null || end === null ? null : end - start;
}

/** A value on one line. */
export function json(value) {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '…'; // nested deeper than the browser can follow
  }
}

/** All of a value's JSON: over several lines, as long as those are no more than `most` characters. */
export function allJson(value, most) {
  const lines = beginning(value, most + 1);
  return lines.length > most || lines.includes(CUT) ? json(value) : lines;
}

const DEEPEST = 40;
const CUT = '…';

/** The beginning of a value's JSON over several lines: however large it is, only this much is written. */
export function beginning(value, most) {
  let written = '';
  const write = (part, indent) => {
    if (typeof part !== 'object' || part === null) {
      written += json(typeof part === 'string' ? part.slice(0, most) : part);
      return;
    }
    const [open, close] = Array.isArray(part) ? '[]' : '{}';
    const keys = Array.isArray(part) ? part.keys() : Object.keys(part);
    const inner = `${indent}  `;
    let first = true;
    written += open;
    for (const key of keys) {
      written += `${first ? '' : ','}\n${inner}`;
      first = false;
      if (written.length > most || inner.length > 2 * DEEPEST) {
        written += CUT;
        break;
      }
      written += Array.isArray(part) ? '' : `${json(key.slice(0, most))}: `;
      write(part[key], inner);
    }
    written += first ? close : `\n${indent}${close}`;
  };
  write(value, '');
  return written.slice(0, most);
}
