// The whole page: header, sessions, the room that is open, the question box.
import { brand } from '../brand.js';
import { LANGUAGES, currentLanguage, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { goTo } from '../places.js';
import { sessionName } from '../naming.js';
import { setDetails, setLanguage, setTheme } from '../preferences.js';
import { closeSheet, isCovered, openSheet } from '../sheet.js';
import { download, share } from '../sharing.js';
import { accessNotice, whoOneIs } from './access.js';
import { composer, examples } from './composer.js';
import { guarded } from './guard.js';
import { icon } from './icons.js';
import { linkTo } from './link.js';
import { connectionNotice, lossNotice, missingNotice } from './notices.js';
import { runs } from './runs.js';
import { sessionList } from './sessions.js';
import { undoBar } from './undo.js';

export function page(app) {
  const { room } = app;
  const part = (view) => guarded(() => view(app), () => view.name);
  return html`
    <a class="skip" href="#question" @click=${skip}>${t('page.skip')}</a>
    ${part(header)}
    <div class="columns">
      <div class=${app.menu ? 'backdrop shown' : 'backdrop'} @click=${closeSheet}></div>
      <nav
        id="sessions"
        class=${app.menu ? 'sessions shown' : 'sessions'}
        aria-label=${t('sessions.title')}
        @keydown=${escape}
      >
        ${part(sessionList)}
      </nav>
      <main ?inert=${isCovered()} class="room ${room ? '' : 'empty'} ${app.connection.lostAt ? 'stale' : ''}">
        ${room ? part(roomBar) : nothing} ${part(accessNotice)} ${part(connectionNotice)} ${part(lossNotice)} ${part(missingNotice)}
        ${part(room ? content : welcome)} ${part(composer)}
      </main>
    </div>
    ${part(undoBar)}
  `;
}

function escape(event) {
  if (event.key === 'Escape' && isCovered()) {
    closeSheet();
  }
}

function header(app) {
  const next = { auto: 'light', light: 'dark', dark: 'auto' }[app.theme];
  return html`<header class="top" ?inert=${isCovered()}>
    <button
      class="quiet menu"
      aria-expanded=${String(app.menu)}
      aria-controls="sessions"
      @click=${app.menu ? closeSheet : openSheet}
    >
      ${icon('menu')}<span>${t('sessions.title')}</span>
    </button>
    <a class="brand" href="/" @click=${linkTo(() => goTo(null))}>
      <img src=${brand.icon} alt="" width="26" height="26" /><span class="name">${brand.name}</span>
    </a>
    <div class="settings">
      ${connectionState(app)} ${whoOneIs()}
      <div class="languages" role="group" aria-label=${t('page.language')}>
        ${Object.entries(LANGUAGES).map(
          ([code, name]) => html`<button
            class="quiet"
            lang=${code}
            title=${name}
            aria-label=${name}
            aria-pressed=${String(code === currentLanguage())}
            @click=${() => setLanguage(code)}
          >
            ${code.toUpperCase()}
          </button>`,
        )}
      </div>
      <button
        class="quiet details"
        title=${t('details.title')}
        aria-pressed=${String(app.details)}
        @click=${() => setDetails(!app.details)}
      >
        ${icon('code')}<span class="words">${t('details.switch')}</span>
      </button>
      <button class="quiet" title=${t(`theme.${app.theme}`)} @click=${() => setTheme(next)}>
        ${icon(app.theme)}<span class="unseen">${t(`theme.${app.theme}`)}</span>
      </button>
    </div>
  </header>`;
}

function connectionState({ connection }) {
  return connection.phase === 'none' || connection.phase === 'barred'
    ? nothing
    : html`<span class="connection ${connection.phase}">
        <span class="light" aria-hidden="true"></span><span class="words">${t(`connection.${connection.phase}`)}</span>
      </span>`;
}

function roomBar(app) {
  const { room } = app;
  const name = sessionName();
  const shared = 'session link';
  return html`<div class="bar">
    <h1 class=${name === room.runs[0]?.question ? 'unseen' : nothing}>
      <span class="unseen">${t('room.title')} </span><bdi>${name}</bdi>
    </h1>
    ${app.details
      ? html`<code class="session-id">${room.sessionId}</code>
          <button class="quiet" @click=${download} ?disabled=${room.runs.length === 0} title=${t('room.download')}>
            ${icon('download')}<span>${t('room.downloadShort')}</span>
          </button>`
      : nothing}
    <button class="quiet" @click=${() => share(shared)} ?disabled=${room.runs.length === 0}>
      ${icon(app.copied === shared ? 'check' : 'link')}<span>${t(app.copied === shared ? 'share.done' : 'share.link')}</span>
    </button>
  </div>`;
}

function content(app) {
  if (app.room.runs.length) {
    return runs(app);
  }
  // Before the room has answered nobody knows whether it is empty.
  return app.room.epoch
    ? html`<section class="hello"><p class="lead">${t('room.empty')}</p>${examples(app)}</section>`
    : html`<p class="hello" aria-busy="true">${t('room.loading')}</p>`;
}

function welcome(app) {
  return html`<section class="hello">
    <h1>${t('welcome.title')}</h1>
    <p class="lead">${t('welcome.text')}</p>
    ${examples(app)}
  </section>`;
}

function skip(click) {
  click.preventDefault();
  document.getElementById('question')?.focus();
}
