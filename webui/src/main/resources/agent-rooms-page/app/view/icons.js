// Icons: 16 × 16, drawn with the text's colour, silent for screen readers.
import { html, svg } from '../lib.js';

const PATHS = {
  check: svg`<path d="m3.5 8.5 3 3 6-7" />`,
  cross: svg`<path d="m4.5 4.5 7 7m0-7-7 7" />`,
  bulb: svg`<path d="M6 12.5h4M6.5 14.5h3M8 1.5a4.5 4.5 0 0 0-2.5 8.2c.4.4.6.9.6 1.3h3.8c0-.4.2-.9.6-1.3A4.5 4.5 0 0 0 8 1.5Z" />`,
  search: svg`<circle cx="7" cy="7" r="4.5" /><path d="m10.5 10.5 4 4" />`,
  pencil: svg`<path d="m2.5 13.5.6-3 8-8 2.4 2.4-8 8-3 .6ZM9.5 4l2.5 2.5" />`,
  scales: svg`<path d="M2.5 4.5h5M2.5 8h5m-5 3.5h3m3-1 2 2 4-5" />`,
  clock: svg`<circle cx="8" cy="8" r="6" /><path d="M8 4.5V8l2.5 1.5" />`,
  flag: svg`<path d="M3.5 14.5v-12h8.5l-2 3 2 3H3.5" />`,
  stop: svg`<circle cx="8" cy="8" r="6" /><path d="M5.5 8h5" />`,
  warning: svg`<path d="M8 2 1.5 13.5h13L8 2Zm0 4.5v3m0 2v.1" />`,
  dot: svg`<circle cx="8" cy="8" r="2" fill="currentColor" />`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M10.5 3.5v-1h-8v8h1" />`,
  download: svg`<path d="M8 2v8m0 0 3-3m-3 3L5 7M2.5 13.5h11" />`,
  plus: svg`<path d="M8 3v10M3 8h10" />`,
  menu: svg`<path d="M2.5 4h11m-11 4h11m-11 4h11" />`,
  auto: svg`<circle cx="8" cy="8" r="5.5" /><path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" fill="currentColor" />`,
  light: svg`<circle cx="8" cy="8" r="3" /><path d="M8 1v1.5m0 11V15M1 8h1.5m11 0H15M3 3l1 1m8 8 1 1M3 13l1-1m8-8 1-1" />`,
  dark: svg`<path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z" />`,
  down: svg`<path d="M8 2.5v11m0 0 4.5-4.5M8 13.5 3.5 9" />`,
  fold: svg`<path d="m6 4 4 4-4 4" />`,
  inbox: svg`<path d="M2.5 9.5 4 3h8l1.5 6.5v3.5h-11V9.5Zm0 0h3l1 1.5h3l1-1.5h3" />`,
  more: svg`<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.4" />`,
  bin: svg`<path d="M3 4.5h10m-6.5 0v-2h3v2m2 0-.6 9H5.1l-.6-9m2.3 2.5v4m2.4-4v4" />`,
  undo: svg`<path d="M5.5 3 2.5 6l3 3m-3-3h7a4 4 0 0 1 0 8H6" />`,
  person: svg`<circle cx="8" cy="5" r="2.8" /><path d="M2.5 14a5.5 5.5 0 0 1 11 0" />`,
  left: svg`<path d="m10 4-4 4 4 4" />`,
  again: svg`<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3" />`,
  link: svg`<path d="M6.5 9.5a3 3 0 0 0 4.2 0l2.4-2.4a3 3 0 0 0-4.2-4.2l-.9.9M9.5 6.5a3 3 0 0 0-4.2 0L2.9 8.9a3 3 0 0 0 4.2 4.2l.9-.9" />`,
  halt: svg`<rect x="4" y="4" width="8" height="8" rx="1.5" fill="currentColor" />`,
  code: svg`<path d="m5.5 4.5-3.5 3.5 3.5 3.5m5-7 3.5 3.5-3.5 3.5" />`,
  leave: svg`<path d="M6.5 2.5h-4v11h4m-.5-5.5h7.5m0 0-3-3m3 3-3 3" />`,
  send: svg`<path d="M8 13.5v-11m0 0-4.5 4.5M8 2.5 12.5 7" />`,
};

export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${PATHS[name] ?? PATHS.dot}</svg>`;
}

const OF_STEPS = new Map([
  ['intent_determined', 'bulb'],
  ['start_retrieval', 'search'],
  ['start_generate_exam', 'pencil'],
  ['start_grading', 'scales'],
  ['queued', 'clock'],
  ['final_answer', 'flag'],
  ['input_required', 'person'],
  ['input_received', 'person'],
]);

export function rowIcon({ step, status, durationMs }) {
  const byStatus = { failed: 'cross', stopped: 'stop', warning: 'warning' };
  // Of other steps one that has lasted is done; one that has not was a remark.
  const other = status === 'running' ? 'clock' : durationMs === null ? 'dot' : 'check';
  return icon(byStatus[status] ?? OF_STEPS.get(step) ?? other);
}
