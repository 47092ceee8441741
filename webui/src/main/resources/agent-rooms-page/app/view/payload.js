// Values to look at and to take away: a tool's input or output, an id.
import * as format from '../format.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { copy } from '../sharing.js';
import { allJson, beginning } from '../values.js';
import { icon } from './icons.js';

// A reader sees at most this much; the rest goes through the clipboard.
const SHOWN = 1500;

const written = new WeakMap(); // value → { shown, whole }

/** A value as text: what is shown of it, and all of it. */
function write(value) {
  if (typeof value !== 'object' || value === null) {
    const whole = String(value);
    return { shown: whole.slice(0, SHOWN), whole };
  }
  if (!written.has(value)) {
    // Lines and indents are for what fits; of more they can be many times the value itself.
    written.set(value, { shown: beginning(value, SHOWN), whole: allJson(value, SHOWN) });
  }
  return written.get(value);
}

export function payload(app, label, { value, bytes }, key) {
  if (bytes !== undefined) {
    return html`<p class="soft">${label}: ${t('payload.tooLarge', { size: format.bytes(bytes) })}</p>`;
  }
  const { shown, whole } = write(value);
  const cut = whole !== shown;
  return html`<figure class="payload">
    <figcaption>
      <span>${label}</span>
      ${cut ? html`<span class="soft">${t('payload.cut', { n: format.number(whole.length) })}</span>` : nothing}
      <button class="tiny" @click=${() => copy(whole, key)}>
        ${icon(app.copied === key ? 'check' : 'copy')}
        ${app.copied === key ? t('copy.done') : t(cut ? 'copy.all' : 'copy.copy')}
      </button>
    </figcaption>
    <pre tabindex="0" aria-label=${label}><code>${cut ? `${shown}…` : shown}</code></pre>
  </figure>`;
}

export function copyable(app, label, id) {
  const copied = app.copied === id;
  return html`<span class="id-line">
    <span class="soft">${label}</span> <code>${id}</code>
    <button class="tiny" @click=${() => copy(id, id)} title=${t('copy.id', { what: label })}>
      ${icon(copied ? 'check' : 'copy')}<span class="unseen">${t('copy.id', { what: label })}</span>
    </button>
  </span>`;
}
