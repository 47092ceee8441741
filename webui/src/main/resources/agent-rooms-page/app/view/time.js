// A time, or a dash where nobody can tell it.
import * as format from '../format.js';
import { html, nothing } from '../lib.js';

export function timeOf(ms, words = format.time) {
  return html`<time datetime=${ms === null ? nothing : new Date(ms).toISOString()}>${ms === null ? '–' : words(ms)}</time>`;
}
