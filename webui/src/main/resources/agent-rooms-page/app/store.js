// The page's state. Views read it; actions change it and request a render.
export const app = {
  room: null, // of the session that is open
  connection: { phase: 'none' },
  socket: null,
  // `found` is what the shown entries were searched for.
  sessions: { entries: [], next: null, state: 'loading', search: '', found: '' },
  sessionMenu: null, // id of the session whose actions are open
  renaming: null, // { id, before, text, busy, problem }
  deleting: new Map(), // session id → { id, name, sent, failed, … }: hidden, and perhaps not sent yet
  // What is in the question box; `replaces` is the run that it asks again, with a change.
  draft: { question: '', count: '', session: '', replaces: null },
  asking: false,
  askProblem: null, // { text, field, busy }
  loss: null,
  barred: null, // why the room is not shown: unauthorized, forbidden
  missingSeq: null,
  target: null, // the seq in the address
  open: new Map(), // what the user expanded or collapsed: key → boolean
  shownRows: new Map(), // run id → how many rows, when more than usual were asked for
  shownRuns: 0,
  current: null, // the run asked for last, which is open
  newest: null, // the key of the run in which something happened last
  follows: false, // whether its newest step is kept in view
  unseen: 0, // events since it is not
  cancelling: new Set(),
  filled: new Map(), // input id → { written, picked, comment }: what was filled in where a person is asked
  answers: new Map(), // exam id → Map of question id → option id
  checking: new Map(), // exam id → idempotency key
  quizProblem: new Map(), // exam id → what went wrong
  retaking: new Set(),
  quizPlace: new Map(), // exam id → which of its questions is seen
  branch: new Map(), // run id of the first of a group of branches → run id of the one that is seen
  details: false, // whether what only developers want is shown
  theme: 'auto',
  menu: false,
};
