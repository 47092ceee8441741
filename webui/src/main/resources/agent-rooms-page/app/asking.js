// Starting and cancelling runs.
import * as api from './api.js';
import { say, warn } from './announcer.js';
import { showBranch } from './branches.js';
import { draw } from './draw.js';
import { t } from './i18n.js';
import { ID, madeUpId, madeUpKey } from './ids.js';
import { goTo } from './places.js';
import { runOf } from './room.js';
import { bringIntoView, newestIs } from './scrolling.js';
import { refreshSessions } from './sessions.js';
import { app } from './store.js';
import { text } from './values.js';
import { refusalText } from './words.js';

// The same question within this time after its answer is a double click.
const DOUBLE_CLICK = 1500;

let key = null; // of the question that is being asked: { body, value, acceptedAt }

export function edit(name, value) {
  app.draft[name] = value;
  app.askProblem = null;
  draw();
}

/** Asks the question in the box. The same question is asked once, however often it is sent. */
export async function ask(onBusy = 'reject') {
  const question = app.draft.question.trim();
  const session = app.draft.session.trim();
  const number = app.draft.count.trim();
  const problem = wrong(question, session, number);
  if (problem) {
    refuse(problem);
    return;
  }
  const sessionId = session || app.room?.sessionId || madeUpId();
  const request = { session_id: sessionId, question, on_busy: onBusy, ...instead(app.draft.replaces) };
  if (number) {
    request.num_questions = Number(number);
  }
  const { replaces } = app.draft;
  const accepted = await send(request);
  // What was written meanwhile stays.
  if (accepted && app.draft.question.trim() === question && app.draft.replaces === replaces) {
    Object.assign(app.draft, { question: '', replaces: null });
  }
  draw();
}

function wrong(question, session, number) {
  if (!question) {
    return { text: t('ask.empty'), field: 'question' };
  }
  if (session && !ID.test(session)) {
    return { text: t('ask.badSession'), field: 'session_id' };
  }
  const asked = Number(number || 1);
  return Number.isInteger(asked) && asked >= 1 && asked <= 50
    ? null
    : { text: t('ask.badCount'), field: 'num_questions' };
}

export function refuse(problem) {
  app.askProblem = problem;
  warn(problem.text);
  draw();
}

// Both are kept; the new one names the one that it is asked instead of.
const instead = (runId) => (runId ? { meta: { replaces: runId } } : {});

/** Puts a run's question into the box, to be changed and asked instead. */
export function change(run) {
  Object.assign(app.draft, { question: run.question, count: text(askedNumber(run) ?? ''), replaces: run.id });
  app.askProblem = null;
  draw();
  document.getElementById('question').focus();
}

// The number of questions that was asked for beside the question. One within it may be what is to be changed, and one
// that is the server's own choice was asked for by nobody. Events of before do not tell them apart.
function askedNumber({ question, numQuestions, isNumberAsked }) {
  return isNumberAsked ?? !/\d/.test(question) ? numQuestions : null;
}

export function changeNothing() {
  Object.assign(app.draft, { question: '', replaces: null });
  draw();
  document.getElementById('question').focus();
}

/** Asks a run's question once more, as a new run that takes its place. */
export function askAgain(run) {
  const request = { session_id: app.room.sessionId, question: run.question, on_busy: 'enqueue', ...instead(run.id) };
  if (run.submission) {
    request.submission = { exam_id: run.submission.examId, answers: Object.fromEntries(run.submission.answers) };
  }
  const number = askedNumber(run);
  if (number) {
    request.num_questions = number;
  }
  return send(request);
}

async function send(request) {
  const body = JSON.stringify(request);
  if (app.asking) {
    return false;
  }
  const now = Date.now();
  if (key?.body !== body || now - (key.acceptedAt ?? now) > DOUBLE_CLICK) {
    key = { body, value: madeUpKey(), acceptedAt: null };
  }
  app.asking = true;
  app.askProblem = null;
  draw();
  try {
    const accepted = await api.startRun(request, key.value);
    key.acceptedAt = Date.now();
    arrive(request, accepted);
    return true;
  } catch (refusal) {
    refuse({
      text: refusalText(refusal),
      field: refusal.field,
      busy: refusal.status === 409,
    });
    return false;
  } finally {
    app.asking = false;
    draw();
  }
}

function arrive(request, accepted) {
  if (app.room?.sessionId !== accepted.sessionId) {
    goTo(accepted.sessionId);
  }
  const run = runOf(app.room, accepted.runId);
  run.question ??= request.question;
  run.replaces ??= request.meta?.replaces ?? null;
  showBranch(run);
  if (run.isNumberAsked === null) {
    run.numQuestions ??= request.num_questions ?? null;
    run.isNumberAsked = 'num_questions' in request;
  }
  if (run.status === 'accepted' && accepted.isQueued) {
    run.status = 'queued';
  }
  app.current = run.id;
  bringIntoView(run.key, 'start');
  newestIs(run, true);
  refreshSessions();
}

export async function cancel(run) {
  app.cancelling.add(run.id);
  say(t('status.cancelling'));
  draw();
  try {
    await api.cancelRun(app.room.sessionId, run.id);
  } catch (refusal) {
    app.cancelling.delete(run.id);
    // The run ended before the cancel arrived; its events say how.
    if (refusal.status !== 409) {
      refuse({ text: refusalText(refusal) });
    }
    draw();
  }
}
