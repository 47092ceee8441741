// The sessions that the agent knows, newest first.
import * as format from '../format.js';
import { t } from '../i18n.js';
import { html, nothing, repeat } from '../lib.js';
import { goTo, sessionAddress } from '../places.js';
import { refreshSessions } from '../sessions.js';
import { icon } from './icons.js';
import { linkTo } from './link.js';
import { timeOf } from './time.js';

export function sessionList(app) {
  const { sessions } = app;
  return html`
    <div class="bar">
      <h2>${t('sessions.title')}</h2>
      <a class="new" role="button" href="/" @click=${linkTo(() => goTo(null))}>
        ${icon('plus')}<span>${t('sessions.new')}</span>
      </a>
    </div>
    ${sessions.state === 'failed'
      ? html`<p class="soft">${t('sessions.failed')}</p>`
      : sessions.state === 'loading'
        ? html`<p class="soft" aria-busy="true">${t('sessions.loading')}</p>`
        : nothing}
    ${sessions.state === 'ready' && !sessions.entries.length
      ? html`<p class="soft">${t('sessions.empty')}</p>`
      : html`<ul>
          ${repeat(sessions.entries, (entry) => entry.id, (entry) => line(app, entry))}
        </ul>`}
    ${sessions.next
      ? html`<button class="small" @click=${() => refreshSessions(true)}>${t('sessions.more')}</button>`
      : nothing}
  `;
}

function line(app, entry) {
  const { id, status } = entry;
  return html`<li>
    <a
      href=${sessionAddress(id)}
      aria-current=${app.room?.sessionId === id ? 'page' : nothing}
      @click=${linkTo(() => goTo(id))}
    >
      <bdi class="question">${entry.question ?? id}</bdi>
      <span class="facts">
        <span class="state ${status}">${t(`status.${status}`)}</span>
        <span class="id">${id}</span>
        ${timeOf(entry.activeAt, format.ago)}
      </span>
    </a>
  </li>`;
}
