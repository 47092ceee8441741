// Where the page begins: puts its parts together, and keeps them in step with the browser.
import { draw, drawWith, onDraw } from './draw.js';
import { render } from './lib.js';
import { goToTarget, openFromAddress, scrollToFollowed } from './places.js';
import { loadPreferences } from './preferences.js';
import { isOver } from './room.js';
import { refreshSessions } from './sessions.js';
import { app } from './store.js';
import { page } from './view/page.js';
import { retryNow } from './watching.js';

const root = document.getElementById('app');
await loadPreferences();
root.replaceChildren();
drawWith(() => render(page(app), root));
onDraw(scrollToFollowed);
addEventListener('popstate', openFromAddress);
addEventListener('hashchange', goToTarget);
addEventListener('online', retryNow);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    retryNow();
    refreshSessions();
  }
});
setInterval(() => !document.hidden && refreshSessions(), 15_000);
openFromAddress();
refreshSessions();

// Running times and countdowns.
setInterval(() => {
  const moving = app.room?.runs.some((run) => !isOver(run));
  if (!document.hidden && (moving || app.connection.phase === 'down')) {
    draw();
  }
}, 1000);
