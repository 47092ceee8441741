// Client of the HTTP API. A refusal is thrown as a Refusal, with the server's message.

import { authorization, endAccess } from './access.js';
import { object, text } from './values.js';

export class Refusal extends Error {
  constructor(status, problem, retryAfter) {
    super(text(problem.detail, 500));
    this.status = status; // 0: the server was not reached
    this.field = problem.field;
    this.retryAfter = retryAfter;
  }
}

async function call(path, options = {}) {
  let answer;
  let body;
  try {
    const headers = { ...options.headers, ...authorization() };
    answer = await fetch(path, { cache: 'no-store', ...options, headers });
    body = object(await answer.json().catch(() => null));
  } catch {
    throw new Refusal(0, {});
  }
  if (answer.ok) {
    return body;
  }
  if (answer.status === 401) {
    endAccess();
  }
  throw new Refusal(answer.status, body, answer.headers.get('Retry-After'));
}

function post(path, body, headers = {}) {
  return call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const session = (id) => `/api/agent/sessions/${encodeURIComponent(id)}`;

export async function startRun(request, key) {
  const accepted = await post('/api/agent/run', request, { 'Idempotency-Key': key });
  const sessionId = text(accepted.session_id);
  const runId = text(accepted.run_id);
  if (!sessionId || !runId) {
    throw new Refusal(502, {}); // the answer was not the agent's
  }
  return { sessionId, runId, isQueued: accepted.status === 'queued' };
}

export const cancelRun = (sessionId, runId) =>
  post('/api/agent/cancel', { session_id: sessionId, run_id: runId });

export const answerRun = (answer) => post('/api/agent/answer', answer);

export const makeLink = (sessionId) =>
  post('/api/agent/links', { session_id: sessionId, scope: 'watch' });

export const readRun = (sessionId, runId) =>
  call(`${session(sessionId)}/runs/${encodeURIComponent(runId)}`);

export function listSessions({ limit, after, search }) {
  const query = new URLSearchParams({ limit, ...(after && { after }), ...(search && { search }) });
  return call(`/api/agent/sessions?${query}`);
}

export const readOverview = () => call('/api/admin/overview');

export const readAudit = (sessionId) => call(`/api/admin/sessions/${encodeURIComponent(sessionId)}/audit`);

export const readSession = (sessionId) => call(session(sessionId));

export const nameSession = (sessionId, title) =>
  call(session(sessionId), {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ title }),
  });

/** Arrives even when the page is left meanwhile. */
export const deleteSession = (sessionId) => call(session(sessionId), { method: 'DELETE', keepalive: true });

export const readMessages = (sessionId) =>
  call(`/api/messages?session_id=${encodeURIComponent(sessionId)}`);
