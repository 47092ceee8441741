// Watches one room over a WebSocket, which reconnects automatically and resumes.
//
// The position (epoch, seq) is kept by the caller; here it is only read when a
// subscription is made.
import { currentToken } from './access.js';
import { object } from './values.js';

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const STEADY = 5_000;
// After so long without a word the server is asked for one, and has so long to say it.
const QUIET = 10_000;
const QUIET_WHEN_HIDDEN = 30_000;
const PATIENCE = 5_000;
const OPENING = 10_000;
const LAGGED = 4008;
const NOT_ANY_MORE = 4401;

export class RoomSocket {
  #url;
  #sessionId;
  #position;
  #on;
  #socket = null;
  #timer = 0;
  #watch = 0;
  #attempt = 0;
  #liveSince = 0;
  #heard = 0;
  #pinged = 0; // when, as long as nothing was heard since

  /**
   * @param position gives { after, epoch } to resume from
   * @param on { subscribed(message), event(message), delta(message), barred(code), state({ phase, retryAt }) }, where the phase is
   *     connecting, live, down, or barred until retry() is called
   */
  constructor(sessionId, position, on) {
    this.#url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
    this.#sessionId = sessionId;
    this.#position = position;
    this.#on = on;
    this.#watch = setInterval(() => this.#check(), 1_000);
    this.#open();
  }

  close() {
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#leave();
  }

  /** Reconnects now instead of after the countdown; an open connection is pinged. */
  retry() {
    if (!this.#socket) {
      clearTimeout(this.#timer);
      this.#open();
    } else if (!this.#pinged) {
      this.#ping();
    }
  }

  /** The network is back: reconnects at once. */
  networkIsBack() {
    this.#attempt = 0;
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      this.#leave();
    }
    this.retry();
  }

  /** The network is gone, and with it the connection, which gets no close. */
  networkIsGone() {
    if (this.#socket) {
      this.#lost();
    }
  }

  #open() {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#hear();
    this.#on.state({ phase: 'connecting', attempt: this.#attempt });
    socket.onopen = () => {
      this.#hear();
      const { after, epoch } = this.#position();
      const command = { cmd: 'subscribe', session_id: this.#sessionId, after };
      const token = currentToken();
      socket.send(JSON.stringify({ ...command, ...(epoch ? { epoch } : {}), ...(token ? { token } : {}) }));
    };
    socket.onmessage = (message) => this.#onMessage(message.data);
    socket.onclose = (close) => this.#onClosed(close.code);
  }

  #hear() {
    this.#heard = Date.now();
    this.#pinged = 0;
  }

  #onMessage(data) {
    this.#hear();
    const message = read(data);
    if (message.session_id !== undefined && message.session_id !== this.#sessionId) {
      return;
    }
    switch (message.type) {
      case 'subscribed':
        this.#liveSince = Date.now();
        this.#on.subscribed(message);
        this.#on.state({ phase: 'live' });
        break;
      case 'progress':
        this.#on.event(message);
        break;
      case 'delta':
        this.#on.delta(message);
        break;
      case 'error':
        this.#leave();
        if (message.code === 'unauthorized') {
          this.#onClosed(NOT_ANY_MORE);
          break;
        }
        // The room could not be entered; the same road again, a little later.
        if (message.code === 'forbidden') {
          this.#on.barred(message.code);
        }
        this.#onClosed(1006);
        break;
      default: // pong, unsubscribed
    }
  }

  #onClosed(code) {
    this.#socket = null;
    if (this.#liveSince && Date.now() - this.#liveSince > STEADY) {
      this.#attempt = 0;
    }
    this.#liveSince = 0;
    // Nothing changes until somebody signs in.
    if (code === NOT_ANY_MORE) {
      this.#on.barred('unauthorized');
      this.#on.state({ phase: 'barred' });
      return;
    }
    // Half of the delay is random (jitter), so that a thousand pages do not reconnect at the same moment.
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempt++);
    const delay = code === LAGGED && this.#attempt === 1 ? 0 : longest * (0.5 + Math.random() / 2);
    this.#on.state({ phase: 'down', retryAt: Date.now() + delay });
    this.#timer = setTimeout(() => this.#open(), delay);
  }

  // A dead connection answers no ping. The browser runs a hidden page's timers as
  // seldom as once a minute, so silence alone says nothing.
  #check() {
    const now = Date.now();
    if (!this.#socket) {
      return;
    }
    if (this.#socket.readyState !== WebSocket.OPEN) {
      if (now - this.#heard > OPENING) {
        this.#lost();
      }
    } else if (this.#pinged) {
      if (now - this.#pinged > PATIENCE) {
        this.#lost();
      }
    } else if (now - this.#heard > (document.hidden ? QUIET_WHEN_HIDDEN : QUIET)) {
      this.#ping();
    }
  }

  #ping() {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#pinged = Date.now();
      this.#socket.send('{"cmd":"ping"}');
    }
  }

  #lost() {
    this.#leave();
    this.#onClosed(1006);
  }

  #leave() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }
}

function read(data) {
  try {
    return object(JSON.parse(data));
  } catch {
    return {}; // says nothing that this page understands
  }
}
