// An answer in Markdown, and the notes that it rests on.
import { linkMarkers } from '../citing.js';
import { draw } from '../draw.js';
import { toggle } from '../folding.js';
import * as format from '../format.js';
import { count, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { bringIntoView } from '../scrolling.js';
import { copy } from '../sharing.js';
import { guarded } from './guard.js';
import { icon } from './icons.js';
import { tree } from './tree.js';

// A longer answer is cut, so that the page stays responsive.
const SHOWN = 20_000;

const written = new WeakMap(); // answer → { element, state }, which is waiting, rendered or plain

/** The answer as it was written, until its Markdown is rendered. */
function prose(app, run, value) {
  const known = written.get(value);
  if (known) {
    return known;
  }
  const element = document.createElement('div');
  const made = { element, state: 'waiting' };
  written.set(value, made);
  const text = value.text.slice(0, SHOWN);
  const markers = new Set(value.chunks.map((chunk) => chunk.marker).filter((marker) => marker !== null));
  const link = (root) => linkMarkers(root, markers, (marker) => openSource(app, run, value, marker));
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
      link(element);
      draw();
    });
  return made;
}

const sourceId = (run, place) => `${run.key}-source-${place}`;

function openSource(app, run, value, marker) {
  const id = sourceId(run, value.chunks.findIndex((chunk) => chunk.marker === marker));
  app.open.set(id, true);
  bringIntoView(id, 'nearest');
  draw();
  requestAnimationFrame(() => document.querySelector(`#${id} summary`)?.focus({ preventScroll: true }));
}

export function answer(app, run, value) {
  const key = `${run.key} answer`;
  const cut = value.text.length > SHOWN;
  const { element, state } = prose(app, run, value);
  const cited = value.chunks.some((chunk) => chunk.marker !== null);
  return html`<section class="outcome answer" aria-label=${t('answer.title')}>
    ${state === 'plain' ? html`<p class="soft">${t('answer.plain')}</p>` : nothing} ${element}
    ${cut ? html`<p class="soft">${t('payload.cut', { n: format.number(value.text.length) })}</p>` : nothing}
    ${value.all
      ? html`<h3 class="small-title">${count('answer.sources', value.all)}</h3>
          <ol class="sources">
            ${value.chunks.map((chunk, place) =>
              guarded(() => source(app, run, chunk, place, cited), () => chunk, (shown) => html`<li>${shown}</li>`),
            )}
          </ol>`
      : nothing}
    <button class="tiny copy" @click=${() => copy(value.text, key)}>
      ${icon(app.copied === key ? 'check' : 'copy')}
      ${app.copied === key ? t('copy.done') : t(cut ? 'copy.all' : 'copy.copy')}
    </button>
    ${value.value === null
      ? nothing
      : html`<details class="whole">
          <summary>${t('result.whole')}</summary>
          ${tree(app, t('result.title'), value.value, `${run.key} result`)}
        </details>`}
  </section>`;
}

function source(app, run, { source: name, score, text, marker }, place, cited) {
  const id = sourceId(run, place);
  const open = app.open.get(id) ?? false;
  return html`<li id=${id} class=${cited && marker === null ? 'uncited' : nothing}>
    <details ?open=${open}>
      <summary
        @click=${(click) => {
          click.preventDefault();
          toggle(id, open);
        }}
      >
        <span class="cite" aria-hidden="true">${marker ?? (cited ? '·' : place + 1)}</span>
        <bdi>${name}</bdi>
        ${score === null || !app.details
          ? nothing
          : html`<span class="soft">${t('answer.score', { score: format.number(score) })}</span>`}
      </summary>
      <p>${text}</p>
    </details>
  </li>`;
}
