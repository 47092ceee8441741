// The sessions, by day, newest first: in the sidebar, or on a phone in a sheet.
import { isKnown } from '../access.js';
import { byDay, dayName } from '../days.js';
import { deleteSession } from '../deleting.js';
import { draw } from '../draw.js';
import { hour } from '../format.js';
import { t } from '../i18n.js';
import { html, nothing, repeat } from '../lib.js';
import { goTo, sessionAddress } from '../places.js';
import { saveName, startRenaming, stopRenaming, typeName } from '../renaming.js';
import { nameOf, refreshSessions, searchSessions } from '../sessions.js';
import { closeSheet } from '../sheet.js';
import { icon } from './icons.js';
import { linkTo } from './link.js';
import { timeOf } from './time.js';

export function sessionList(app) {
  const { sessions } = app;
  return html`
    <div class="bar">
      <h2>${t('sessions.title')}</h2>
      <a class="new" role="button" href="/" @click=${linkTo(() => startNew(sessions))}>
        ${icon('plus')}<span>${t('sessions.new')}</span>
      </a>
      <button class="quiet close" @click=${closeSheet}>
        ${icon('cross')}<span class="unseen">${t('sessions.close')}</span>
      </button>
    </div>
    <search>
      ${icon('search')}
      <input
        type="search"
        aria-label=${t('sessions.search')}
        placeholder=${t('sessions.search')}
        maxlength="200"
        autocomplete="off"
        .value=${sessions.search}
        @input=${(event) => searchSessions(event.target.value)}
      />
    </search>
    ${told(app)}
    ${byDay(sessions.entries.filter(({ id }) => !app.deleting.has(id))).map(
      ({ day, entries }) => html`<section class="day">
        <h3>${day === null ? t('sessions.undated') : dayName(day)}</h3>
        <ul>
          ${repeat(entries, (entry) => entry.id, (entry) => line(app, entry))}
        </ul>
      </section>`,
    )}
    ${sessions.next
      ? html`<button class="small" @click=${() => refreshSessions(true)}>${t('sessions.more')}</button>`
      : nothing}
  `;
}

function startNew({ search }) {
  goTo(null);
  if (search) {
    searchSessions(''); // or the new one would be missing in the list
  }
}

function told({ sessions }) {
  if (!isKnown()) {
    return nothing; // the page says what is missing
  }
  if (sessions.state === 'failed') {
    return html`<p class="soft">${t('sessions.failed')}</p>
      <button class="small" @click=${() => refreshSessions()}>${t('sessions.again')}</button>`;
  }
  if (sessions.state === 'loading') {
    return html`<p class="soft" aria-busy="true">${t('sessions.loading')}</p>`;
  }
  if (sessions.entries.length) {
    return nothing;
  }
  return sessions.found
    ? html`<p class="soft">${t('sessions.nothingFound', { search: sessions.found })}</p>
        <button class="small" @click=${() => searchSessions('')}>${t('sessions.showAll')}</button>`
    : html`<p class="soft">${t('sessions.empty')}</p>`;
}

function line(app, entry) {
  const { id, status } = entry;
  if (app.renaming?.id === id) {
    return html`<li class="renaming">${nameForm(app.renaming)}</li>`;
  }
  const isMenu = app.sessionMenu === id;
  return html`<li class=${isMenu ? 'chosen' : ''} @keydown=${(event) => isMenu && escapes(event, () => menu(app, null))}>
    <a
      href=${sessionAddress(id)}
      title=${id}
      aria-current=${app.room?.sessionId === id ? 'page' : nothing}
      @click=${linkTo(() => goTo(id))}
    >
      <span class="dot ${status}" title=${t(`status.${status}`)}></span>
      <bdi class="question">${nameOf(entry)}</bdi>
      <span class="state unseen">${t(`status.${status}`)}</span>
      ${entry.pushed
        ? html`<span class="pushed" title=${t('sessions.pushed')}>
            ${icon('inbox')}<span class="unseen">${t('sessions.pushed')}</span>
          </span>`
        : nothing}
      ${timeOf(entry.activeAt, hour)}
    </a>
    <button
      class="quiet more-of"
      aria-expanded=${String(isMenu)}
      aria-label=${t('sessions.actions', { name: nameOf(entry) })}
      @click=${() => menu(app, isMenu ? null : id)}
    >
      ${icon('more')}
    </button>
    ${isMenu
      ? html`<div class="actions">
          <button class="small" @click=${() => rename(entry)}>${icon('pencil')}<span>${t('rename.rename')}</span></button>
          <button class="small danger" @click=${(event) => remove(event, entry)}>
            ${icon('bin')}<span>${t('delete.delete')}</span>
          </button>
        </div>`
      : nothing}
  </li>`;
}

function menu(app, id) {
  app.sessionMenu = id;
  draw();
}

function escapes(event, close) {
  if (event.key === 'Escape') {
    event.stopPropagation();
    close();
  }
}

function rename(entry) {
  startRenaming(entry);
  requestAnimationFrame(() => document.getElementById('session-name')?.select());
}

function nameForm(renaming) {
  return html`<form @submit=${save} @keydown=${(event) => escapes(event, () => backToMenu(stopRenaming))}>
    <input
      id="session-name"
      maxlength="200"
      autocomplete="off"
      aria-label=${t('rename.label')}
      aria-invalid=${renaming.problem ? 'true' : nothing}
      placeholder=${t('rename.empty')}
      .value=${renaming.text}
      @input=${(event) => typeName(event.target.value)}
    />
    ${renaming.problem ? html`<p class="why">${renaming.problem}</p>` : nothing}
    <div class="actions">
      <button type="submit" class="small" aria-busy=${renaming.busy ? 'true' : nothing}>${t('rename.save')}</button>
      <button type="button" class="small" @click=${() => backToMenu(stopRenaming)}>${t('rename.cancel')}</button>
    </div>
  </form>`;
}

function save(event) {
  event.preventDefault();
  backToMenu(saveName);
}

// To the line that has been worked on, when it is there again.
async function backToMenu(does) {
  const place = lines().indexOf(document.getElementById('session-name')?.closest('li'));
  await does();
  requestAnimationFrame(() => lines()[place]?.querySelector('a')?.focus());
}

function remove(event, entry) {
  const place = lines().indexOf(event.target.closest('li'));
  deleteSession(entry);
  requestAnimationFrame(() => {
    const next = lines()[place] ?? lines()[place - 1];
    (next?.querySelector('a') ?? document.querySelector('#sessions .new'))?.focus();
  });
}

const lines = () => [...document.querySelectorAll('#sessions li')];
