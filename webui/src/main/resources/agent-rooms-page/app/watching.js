// The room that is open: its socket, what it says, and what is asked of the agent besides.
import { endAccess } from './access.js';
import * as api from './api.js';
import { say, warn } from './announcer.js';
import { write } from './drafts.js';
import { draw } from './draw.js';
import { t } from './i18n.js';
import { ID } from './ids.js';
import { keepPosition, positionIn } from './positions.js';
import { emptyRoom, enter, isOver, learn, lose, quizRun, take } from './room.js';
import { bringBack, bringIntoView, newestIs, seenNow } from './scrolling.js';
import { refreshSessionsSoon } from './sessions.js';
import { RoomSocket } from './socket.js';
import { app } from './store.js';
import { noteInTab } from './tab.js';
import { goToTarget } from './target.js';
import { whole } from './values.js';
import { failureText, rowTitle } from './words.js';
import { goOnWriting } from './writing.js';

// Of so many runs at most, the latest ones.
const LOOKED_UP = 20;

export function openRoom(sessionId) {
  keepPosition(seenNow());
  app.socket?.close();
  Object.assign(app, {
    room: sessionId ? emptyRoom(sessionId) : null,
    socket: null,
    connection: { phase: sessionId ? 'connecting' : 'none' },
    askProblem: null,
    loss: null,
    missingSeq: null,
    barred: null,
    shownRuns: 0,
    current: null,
    newest: null,
    follows: false,
    unseen: 0,
    draft: { ...app.draft, session: sessionId ?? '', replaces: null },
  });
  for (const kept of [app.open, app.shownRows, app.cancelling, app.filled, app.answers, app.checking, app.quizPlace, app.branch]) {
    kept.clear();
  }
  app.quizProblem.clear();
  app.retaking.clear();
  if (sessionId) {
    const { room } = app;
    app.socket = new RoomSocket(sessionId, () => ({ after: room.lastSeq, epoch: room.epoch }), {
      subscribed: (message) => onSubscribed(room, message),
      event: (message) => onEvent(room, message),
      delta: (message) => onDelta(room, message),
      barred: onBarred,
      state: onConnection,
    });
  }
}

// The room is not for this visitor, or not any more.
function onBarred(code) {
  if (code === 'unauthorized') {
    endAccess();
  }
  if (app.barred !== code) {
    app.barred = code;
    warn(t(code === 'unauthorized' ? 'access.ended' : 'access.notYours'));
    draw();
  }
}

function onConnection(state) {
  const before = app.connection;
  const live = state.phase === 'live';
  const wasLive = before.wasLive || live;
  app.connection = { ...state, wasLive, lostAt: live || !wasLive ? null : (before.lostAt ?? Date.now()) };
  if (before.phase === 'live' && state.phase === 'down') {
    say(t('connection.lost'));
  } else if (live && before.lostAt) {
    say(t('connection.back'));
  }
  draw();
}

export function retryNow() {
  app.socket?.retry();
}

export function onNetwork() {
  if (navigator.onLine) {
    app.socket?.networkIsBack();
  } else {
    app.socket?.networkIsGone();
  }
}

function onSubscribed(room, message) {
  if (room !== app.room) {
    return;
  }
  app.barred = null;
  const loss = enter(room, message);
  if (loss) {
    app.loss = loss;
    say(t('loss.title'));
  }
  if (!whole(message.seq)) {
    afterReplay(room);
  }
  draw();
}

function onEvent(room, message) {
  if (room !== app.room) {
    return;
  }
  const taken = take(room, message);
  if (message.seq === room.loadedTo) {
    afterReplay(room);
  }
  if (!taken) {
    return;
  }
  draw();
  const { run, event, live } = taken;
  // What was asked here may be over before its room is watched, or while the connection is away.
  if (live || run.id === app.current) {
    announce(taken);
    keepInView(run);
    if (isOver(run)) {
      app.cancelling.delete(run.id);
    }
    noteInTab(run, event);
    if (isOfAgent(run) && ((event.step === 'queued' && !run.question) || run.input?.isElsewhere)) {
      lookUp(room, run);
    }
    if (isOver(run) || ['intent_determined', 'queued', 'input_required', 'input_received'].includes(event.step)) {
      refreshSessionsSoon();
    }
  }
  if (event.seq === app.target) {
    goToTarget();
  }
}

function onDelta(room, message) {
  const written = room === app.room ? write(room, message) : null;
  if (written?.isNew) {
    keepInView(written.run, 0);
    draw();
  } else if (written) {
    goOnWriting(written.draft);
  }
}

// What the events do not tell (any more) is asked of the agent.
function afterReplay(room) {
  for (const run of room.runs.slice(-LOOKED_UP)) {
    if (isOfAgent(run) && (!run.question || !isOver(run))) {
      lookUp(room, run);
    }
  }
  if (app.target && !room.eventBySeq.has(app.target)) {
    app.missingSeq = app.target;
  }
  if (!app.target && !room.entered && room.runs.length) {
    goBack(room) || followLatest(room);
  }
  room.entered = true;
}

// To where one was; false when that is not known, or no longer there.
function goBack(room) {
  const position = positionIn(room.sessionId);
  const run = position && room.runById.get(position.runId);
  if (!run) {
    return false;
  }
  position.open.forEach((isOpen, key) => app.open.set(key, isOpen));
  app.shownRuns = position.shownRuns;
  bringBack(run.key, position.top);
  if (!isOver(room.runs.at(-1))) {
    newestIs(room.runs.at(-1), false);
  }
  return true;
}

// The run that somebody who comes back wants to see; of a quiz and its check that is the quiz.
function followLatest(room) {
  const last = room.runs.at(-1);
  const quiz = last.submission && quizRun(room, last.submission.examId);
  bringIntoView((quiz ?? last).key, 'start');
  if (!isOver(last)) {
    newestIs(last, true);
  }
}

// A check is seen at its quiz, which is where the one who asked for it is looking.
function keepInView(run, events = 1) {
  if (!run.submission && run.intent !== 'evaluate') {
    newestIs(run);
    app.unseen += app.follows ? 0 : events;
  }
}

// Events may come from other producers too, of whose runs the agent knows nothing; its own name their
// trace.
function isOfAgent(run) {
  return ID.test(run.id) && run.traceId !== null;
}

async function lookUp(room, run) {
  try {
    const view = await api.readRun(room.sessionId, run.id);
    learn(run, view);
    if (view.status === 'cancelling') {
      app.cancelling.add(run.id);
    }
  } catch (refusal) {
    if (refusal.status === 404 && !isOver(run)) {
      lose(run);
    }
  }
  draw();
}

function announce({ run, row, event }) {
  if (event.step === 'final_answer') {
    if (run.status === 'failed') {
      warn(`${t('run.failed')} ${failureText(run.failure)}`);
    } else if (run.result?.kind === 'grade') {
      say(t('quiz.score', run.result));
    } else {
      say(t(run.intent === 'create_quiz' ? 'say.quizReady' : 'say.done'));
    }
  } else if (event.step === 'input_required') {
    warn(`${t('say.asked')} ${run.input?.prompt ?? ''}`);
  } else if (event.step !== 'tool_error') {
    say(rowTitle(row));
  }
}
