// What was written but not sent: it outlives a reload, and the way to the provider and back when one has to
// sign in again. In this tab only, and only for the user who wrote it.
import { access, isKnown } from './access.js';
import { app } from './store.js';
import { list, object, text, whole } from './values.js';

const KEPT = 'agent-rooms.written';

let forgotten = false;

/** When the page is left. */
export function keepWritten() {
  const { question, count, replaces } = app.draft;
  const answers = [...app.answers].map(([exam, chosen]) => ({ exam, chosen: [...chosen], place: app.quizPlace.get(exam) ?? 0 }));
  if (forgotten || (!question && answers.length === 0)) {
    if (forgotten || isKnown()) {
      taken(); // of before
    }
    return;
  }
  const kept = { user: access.user, session: app.room?.sessionId ?? '', question, count, replaces, answers };
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
  for (const { exam, chosen, place } of list(kept.answers).map(object)) {
    app.answers.set(text(exam, 200), new Map(list(chosen).map(([id, option]) => [text(id, 200), text(option, 200)])));
    app.quizPlace.set(text(exam, 200), whole(place) ?? 0);
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
