// Values to look at and to take away: a tool's input or output, an id.
import * as format from '../format.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { copy } from '../sharing.js';
import { icon } from './icons.js';

// A reader sees at most this much; the rest goes through the clipboard.
const SHOWN = 1500;

const written = new WeakMap();

function write(value) {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  let text = written.get(value);
  if (text === undefined) {
    text = JSON.stringify(value, null, 2);
    written.set(value, text);
  }
  return text;
}

export function payload(app, label, { value, bytes }, key) {
  if (bytes !== undefined) {
    return html`<p class="soft">${label}: ${t('payload.tooLarge', { size: format.bytes(bytes) })}</p>`;
  }
  const text = write(value);
  const cut = text.length > SHOWN;
  return html`<figure class="payload">
    <figcaption>
      <span>${label}</span>
      ${cut ? html`<span class="soft">${t('payload.cut', { n: format.number(text.length) })}</span>` : nothing}
      <button class="tiny" @click=${() => copy(text, key)}>
        ${icon(app.copied === key ? 'check' : 'copy')}
        ${app.copied === key ? t('copy.done') : t(cut ? 'copy.all' : 'copy.copy')}
      </button>
    </figcaption>
    <pre tabindex="0" aria-label=${label}><code>${cut ? `${text.slice(0, SHOWN)}…` : text}</code></pre>
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
