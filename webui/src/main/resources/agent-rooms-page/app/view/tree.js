// Any JSON as a tree that people can read: a name and a value a line, and what is inside it below.
// However large or deep the value is, only so much of it is drawn; all of it goes to the clipboard.
import { count, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { copy } from '../sharing.js';
import { allJson, text } from '../values.js';
import { icon } from './icons.js';

const DEEPEST = 12;
const MEMBERS = 50; // of one object or list
const NODES = 400; // of all together
const LONG = 1500;
const COPIED = 100_000; // of more its lines and indents would be too many

export function tree(app, label, value, key) {
  return html`<figure class="payload tree">
    <figcaption>
      <span>${label}</span>
      <button class="tiny" @click=${() => copy(allJson(value, COPIED), key)}>
        ${icon(app.copied === key ? 'check' : 'copy')} ${t(app.copied === key ? 'copy.done' : 'copy.copy')}
      </button>
    </figcaption>
    ${branch(value, { left: NODES }, 0)}
  </figure>`;
}

function branch(value, budget, depth) {
  if (typeof value !== 'object' || value === null) {
    return leaf(value);
  }
  const isList = Array.isArray(value);
  const names = isList ? [...value.keys()] : Object.keys(value);
  if (!names.length) {
    return html`<span class="soft">${isList ? '[]' : '{}'}</span>`;
  }
  if (depth > DEEPEST) {
    return html`<code>${text(value, LONG)}</code>`;
  }
  const shown = names.slice(0, Math.min(MEMBERS, Math.max(1, budget.left)));
  budget.left -= shown.length;
  const rest = names.length - shown.length;
  return html`<ul>
    ${shown.map((name) => {
      const part = value[name];
      const isInside = typeof part === 'object' && part !== null && Object.keys(part).length > 0;
      const title = html`<span class="name">${isList ? `${name + 1}.` : text(name, 200)}</span>`;
      return html`<li class=${isInside ? (isList ? 'item' : 'inner') : nothing}>${title} ${branch(part, budget, depth + 1)}</li>`;
    })}
    ${rest ? html`<li class="soft">${count('result.more', rest)}</li>` : nothing}
  </ul>`;
}

function leaf(value) {
  return typeof value === 'string'
    ? html`<bdi class="text">${text(value, LONG)}</bdi>`
    : html`<code>${text(value === null ? 'null' : value, LONG)}</code>`;
}
