// Entry point: wires the page's parts, and reacts to events of the browser.
import { enter, enterAgain, isKnown, takeToken } from './access.js';
import { draw, drawWith, onDraw } from './draw.js';
import { openFromAddress } from './places.js';
import { resumeDeletes } from './deleting.js';
import { keepWritten, restoreWritten } from './keeping.js';
import { loadPreferences } from './preferences.js';
import { isOver } from './room.js';
import { noticeScroll, scrollAfterDraw } from './scrolling.js';
import { refreshSessions } from './sessions.js';
import { app } from './store.js';
import { nameTab, seenInTab } from './tab.js';
import { goToTarget } from './target.js';
import { renderGuarded } from './view/guard.js';
import { page } from './view/page.js';
import { onNetwork, retryNow } from './watching.js';

// One may have signed in in another window.
async function goOn() {
  await enterAgain();
  retryNow();
  refreshSessions();
}

const root = document.getElementById('app');
await Promise.all([loadPreferences(), enter()]);
root.replaceChildren();
drawWith(() => renderGuarded(() => page(app), root));
onDraw(() => {
  scrollAfterDraw();
  nameTab();
});
// The page knows better where one was: its content comes later than the browser looks for it.
history.scrollRestoration = 'manual';
addEventListener('scroll', noticeScroll, { passive: true });
addEventListener('popstate', openFromAddress);
addEventListener('hashchange', () => (takeToken() ? location.reload() : goToTarget()));
addEventListener('online', onNetwork);
addEventListener('offline', onNetwork);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    seenInTab();
    goOn();
  } else {
    keepWritten();
  }
});
addEventListener('focus', () => isKnown() || goOn());
addEventListener('pagehide', keepWritten);
setInterval(() => !document.hidden && refreshSessions(), 15_000);
openFromAddress();
restoreWritten();
refreshSessions();
resumeDeletes();

// Running times and countdowns.
setInterval(() => {
  const moving = app.room?.runs.some((run) => !isOver(run));
  if (!document.hidden && (moving || app.connection.phase === 'down')) {
    draw();
  }
}, 1000);
