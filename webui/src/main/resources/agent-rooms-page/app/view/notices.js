// What is wrong with the connection or the history, said quietly.
import { count, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { draw } from '../draw.js';
import { retryNow } from '../watching.js';
import { icon } from './icons.js';

export function connectionNotice({ connection }) {
  if (connection.phase !== 'down' && !(connection.phase === 'connecting' && connection.attempt > 0)) {
    return nothing;
  }
  const seconds = Math.ceil(((connection.retryAt ?? 0) - Date.now()) / 1000);
  return html`<div class="notice warning connection-lost">
    ${icon('warning')}
    <p>
      ${t(navigator.onLine ? (connection.wasLive ? 'connection.lost' : 'connection.none') : 'connection.offline')}
      <span class="soft">
        ${connection.phase === 'down' && seconds > 0 ? count('connection.retry', seconds) : t('connection.retrying')}
      </span>
    </p>
    <button class="small" ?disabled=${connection.phase !== 'down'} @click=${retryNow}>${t('connection.now')}</button>
  </div>`;
}

export function lossNotice(app) {
  const { loss, room } = app;
  if (!loss) {
    return nothing;
  }
  const left = room.eventBySeq.size;
  return html`<div class="notice history-lost">
    ${icon('clock')}
    <p>
      <strong>${t('loss.title')}</strong>
      ${loss.anew ? t('loss.anew') : count('loss.evicted', loss.missing)}
      ${left ? count('loss.left', left, { first: loss.first }) : nothing}
    </p>
    <button class="small" @click=${() => dismiss(app)}>${t('notice.dismiss')}</button>
  </div>`;
}

function dismiss(app) {
  app.loss = null;
  draw();
}

export function missingNotice({ missingSeq }) {
  return missingSeq
    ? html`<div class="notice warning">
        ${icon('warning')}
        <p>${t('room.noSuchEvent', { seq: missingSeq })}</p>
      </div>`
    : nothing;
}
