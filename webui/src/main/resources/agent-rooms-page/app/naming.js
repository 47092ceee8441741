// What a session is called: as the list has it, else by its first question.
import { app } from './store.js';

export function sessionName() {
  const { room, sessions } = app;
  const known = sessions.entries.find((entry) => entry.id === room.sessionId);
  const asked = room.runs.find((run) => run.question && !run.submission)?.question;
  return known?.name ?? asked ?? known?.question ?? room.sessionId;
}
