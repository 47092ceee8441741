// What was deleted just now, with a button to undo it.
import { goOnDeleting, holdDeletes, retryDelete, undoDelete } from '../deleting.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { icon } from './icons.js';

export function undoBar(app) {
  const items = [...app.deleting.values()].filter((item) => !item.sent || item.failed);
  return items.length
    ? html`<div
        class="toasts"
        role="region"
        aria-label=${t('delete.title')}
        @pointerenter=${holdDeletes}
        @pointerleave=${goOnDeleting}
        @focusin=${holdDeletes}
        @focusout=${goOnDeleting}
      >
        ${items.map(toast)}
      </div>`
    : nothing;
}

function toast(item) {
  return html`<div class=${item.failed ? 'toast failed' : 'toast'}>
    <p>${t(item.failed ? 'delete.failed' : 'delete.done', { name: item.name })}</p>
    ${item.failed
      ? html`<button class="small" @click=${() => retryDelete(item)}>${t('delete.again')}</button>`
      : nothing}
    <button class="small" @click=${() => undoDelete(item)}>
      ${icon('undo')}<span>${t(item.failed ? 'delete.keep' : 'delete.undo')}</span>
    </button>
  </div>`;
}
