// An answer in Markdown, and the notes that it rests on.
import { draw } from '../draw.js';
import * as format from '../format.js';
import { count, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { copy } from '../sharing.js';
import { guarded } from './guard.js';
import { icon } from './icons.js';
import { tree } from './tree.js';

// A longer answer is cut, so that the page stays responsive.
const SHOWN = 20_000;

const written = new WeakMap(); // answer → { element, state }, which is waiting, rendered or plain

/** The answer as it was written, until its Markdown is rendered. */
function prose(value) {
  const known = written.get(value);
  if (known) {
    return known;
  }
  const element = document.createElement('div');
  const made = { element, state: 'waiting' };
  written.set(value, made);
  const text = value.text.slice(0, SHOWN);
  element.className = 'plain waiting';
  element.textContent = text;
  import('../markdown.js')
    .then((module) => module.renderMarkdown(text))
    .catch(() => null) // it can be read without
    .then((fragment) => {
      made.state = fragment ? 'rendered' : 'plain';
      element.className = fragment ? `markdown${value.isPlain ? ' lines' : ''}` : 'plain';
      if (fragment) {
        element.replaceChildren(fragment);
      }
      draw();
    });
  return made;
}

export function answer(app, run, value) {
  const key = `${run.key} answer`;
  const cut = value.text.length > SHOWN;
  const { element, state } = prose(value);
  return html`<section class="outcome answer" aria-label=${t('answer.title')}>
    ${state === 'plain' ? html`<p class="soft">${t('answer.plain')}</p>` : nothing} ${element}
    ${cut ? html`<p class="soft">${t('payload.cut', { n: format.number(value.text.length) })}</p>` : nothing}
    <button class="tiny" @click=${() => copy(value.text, key)}>
      ${icon(app.copied === key ? 'check' : 'copy')}
      ${app.copied === key ? t('copy.done') : t(cut ? 'copy.all' : 'copy.copy')}
    </button>
    ${value.all
      ? html`<h3>${count('answer.sources', value.all)}</h3>
          <ol class="sources">
            ${value.chunks.map((chunk) => guarded(() => source(chunk), () => chunk, (shown) => html`<li>${shown}</li>`))}
          </ol>`
      : nothing}
    ${value.value === null
      ? nothing
      : html`<details class="whole">
          <summary>${t('result.whole')}</summary>
          ${tree(app, t('result.title'), value.value, `${run.key} result`)}
        </details>`}
  </section>`;
}

function source({ source: name, score, text }) {
  return html`<li>
    <details>
      <summary>
        <bdi>${name}</bdi>
        ${score === null
          ? nothing
          : html`<span class="soft">${t('answer.score', { score: format.number(score) })}</span>`}
      </summary>
      <p>${text}</p>
    </details>
  </li>`;
}
