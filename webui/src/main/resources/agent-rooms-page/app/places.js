// The session in the address.
import { draw } from './draw.js';
import { t } from './i18n.js';
import { ID } from './ids.js';
import { app } from './store.js';
import { goToTarget } from './target.js';
import { openRoom } from './watching.js';

export function sessionAddress(sessionId) {
  return sessionId ? `?session=${encodeURIComponent(sessionId)}` : '/';
}

/** Shows another session, or the empty page; the address follows. */
export function goTo(sessionId) {
  history.pushState(null, '', sessionAddress(sessionId));
  openFromAddress();
}

export function openFromAddress() {
  const asked = new URLSearchParams(location.search).get('session');
  const sessionId = asked && ID.test(asked) ? asked : null;
  if (sessionId !== (app.room?.sessionId ?? null)) {
    openRoom(sessionId);
  }
  app.askProblem =
    asked && !sessionId ? { text: t('ask.badSession'), field: 'session_id' } : app.askProblem;
  app.menu = false;
  goToTarget();
  draw();
}
