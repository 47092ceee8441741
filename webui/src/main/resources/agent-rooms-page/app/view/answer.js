// An answer in Markdown, and the notes that it rests on.
import { draw } from '../draw.js';
import * as format from '../format.js';
import { count, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { copy } from '../sharing.js';
import { icon } from './icons.js';

// More than this is cut: nobody reads it here, and rendering it would make the page stumble.
const SHOWN = 20_000;
const SOURCES_SHOWN = 20;

let renderMarkdown = null; // arrives with the first answer
const rendered = new WeakMap(); // result → element

function markdown(value) {
  if (!renderMarkdown) {
    import('../markdown.js').then((module) => {
      renderMarkdown = module.renderMarkdown;
      draw();
    });
    return html`<p aria-busy="true">${t('room.loading')}</p>`;
  }
  if (!rendered.has(value)) {
    const element = document.createElement('div');
    element.className = 'markdown';
    element.append(renderMarkdown(value.answer.slice(0, SHOWN)));
    rendered.set(value, element);
  }
  return rendered.get(value);
}

export function answer(app, run, value) {
  const chunks = Array.isArray(value.chunks) ? value.chunks : [];
  const key = `${run.key} answer`;
  const cut = value.answer.length > SHOWN;
  return html`<section class="outcome answer" aria-label=${t('answer.title')}>
    ${markdown(value)}
    ${cut ? html`<p class="soft">${t('payload.cut', { n: format.number(value.answer.length) })}</p>` : nothing}
    <button class="tiny" @click=${() => copy(value.answer, key)}>
      ${icon(app.copied === key ? 'check' : 'copy')}
      ${app.copied === key ? t('copy.done') : t(cut ? 'copy.all' : 'copy.copy')}
    </button>
    ${chunks.length
      ? html`<h3>${count('answer.sources', chunks.length)}</h3>
          <ol class="sources">
            ${chunks.slice(0, SOURCES_SHOWN).map(
              (chunk) => html`<li>
                <details>
                  <summary>
                    <span>${chunk.source ?? chunk.id}</span>
                    ${typeof chunk.score === 'number'
                      ? html`<span class="soft">${t('answer.score', { score: format.number(chunk.score) })}</span>`
                      : nothing}
                  </summary>
                  <p>${String(chunk.text ?? '').slice(0, 4000)}</p>
                </details>
              </li>`,
            )}
          </ol>`
      : nothing}
  </section>`;
}
