// The HTTP API, as the page uses it. A refusal is thrown as a Refusal, with the server's words.

export class Refusal extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail ?? '');
    this.status = status; // 0: the server was not reached
    this.field = problem.field;
    this.retryAfter = retryAfter;
  }
}

async function call(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { cache: 'no-store', ...options });
  } catch {
    throw new Refusal(0, {});
  }
  if (answer.ok) {
    return answer.status === 204 ? null : answer.json();
  }
  const problem = await answer.json().catch(() => ({}));
  throw new Refusal(answer.status, problem, answer.headers.get('Retry-After'));
}

function post(path, body, headers = {}) {
  return call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const session = (id) => `/api/agent/sessions/${encodeURIComponent(id)}`;

export const startRun = (request, key) => post('/api/agent/run', request, { 'Idempotency-Key': key });

export const cancelRun = (sessionId, runId) =>
  post('/api/agent/cancel', { session_id: sessionId, run_id: runId });

export const readRun = (sessionId, runId) =>
  call(`${session(sessionId)}/runs/${encodeURIComponent(runId)}`);

export const listSessions = (after) =>
  call(`/api/agent/sessions?limit=30${after ? `&after=${encodeURIComponent(after)}` : ''}`);

export const readMessages = (sessionId) =>
  call(`/api/messages?session_id=${encodeURIComponent(sessionId)}`);
