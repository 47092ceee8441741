// What was written but not sent: it outlives a reload, and the way to the provider and back when one has to
// sign in again. In this tab only, and only for the user who wrote it.
import { access, isKnown } from './access.js';
import { app } from './store.js';
import { list, object, text, whole } from './values.js';

const KEPT = 'agent-rooms.written';
const LONGEST = 1_000_000;

let forgotten = false;

/** When the page is left. */
export function keepWritten() {
  const { question, count, replaces } = app.draft;
  const answers = [...app.answers].map(([exam, chosen]) => ({
    exam,
    chosen: [...chosen],
    place: app.quizPlace.get(exam) ?? 0,
    again: app.retaking.has(exam),
  }));
  const filled = [...app.filled].map(([id, { written, ...rest }]) => ({ id, written: [...written], ...rest }));
  if (forgotten || (!question && answers.length === 0 && filled.length === 0)) {
    if (forgotten || isKnown()) {
      taken(); // of before
    }
    return;
  }
  const kept = { user: access.user, session: app.room?.sessionId ?? '', question, count, replaces, answers, filled };
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // where the browser keeps nothing, it is lost as ever
  }
}

/** Whoever sits here next shall not see it. */
export function forgetWritten() {
  forgotten = true;
}

/** Puts it back, once. */
export function restoreWritten() {
  if (!isKnown()) {
    return;
  }
  const kept = taken();
  const user = text(kept.user, 256);
  if (text(kept.session, 128) !== (app.room?.sessionId ?? '') || (user && user !== access.user)) {
    return;
  }
  app.draft.question ||= text(kept.question, 8000);
  app.draft.count ||= text(kept.count, 8);
  app.draft.replaces ??= text(kept.replaces, 200) || null;
  for (const { exam, chosen, place, again } of list(kept.answers).map(object)) {
    app.answers.set(text(exam), new Map(list(chosen).map(([id, option]) => [text(id), text(option)])));
    app.quizPlace.set(text(exam), whole(place) ?? 0);
    if (again === true) {
      app.retaking.add(text(exam));
    }
  }
  for (const { id, written, picked, comment } of list(kept.filled).map(object)) {
    app.filled.set(text(id, LONGEST), {
      written: new Map(list(written).map(([name, words]) => [name === null ? null : text(name, LONGEST), text(words, LONGEST)])),
      picked: picked === null ? null : text(picked, LONGEST),
      comment: text(comment, LONGEST),
    });
  }
}

function taken() {
  try {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    return object(JSON.parse(kept));
  } catch {
    return {};
  }
}
