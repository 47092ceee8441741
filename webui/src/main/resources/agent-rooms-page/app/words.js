// Steps, tools and failures in words.
import { count, has, t } from './i18n.js';
import { number, text, whole } from './values.js';

/** What a row says: our words for the steps that we know, else its title, else its message. */
export function rowTitle(row) {
  const known = ownWords(row);
  if (known) {
    const { intent, decision } = row.events[0].meta;
    return t(known, { intent: intentName(intent), decision: decisionName(decision) });
  }
  // Of a step that is over its last message tells most; of one that is not, how it began.
  const telling = row.status === 'done' ? row.events.at(-1) : row.events[0];
  return givenTitle(row) || text(telling.message, 300) || row.step.replace(/^start_/, '').replaceAll('_', ' ');
}

function ownWords({ step, status, events }) {
  const key = `step.${step}.${status}`;
  return has(key) && (step !== 'intent_determined' || text(events[0].meta.intent)) ? key : null;
}

function givenTitle({ events }) {
  return text(events.findLast(({ meta }) => text(meta.title))?.meta.title, 200);
}

function decisionName(value) {
  const decision = text(value, 64);
  return has(`decision.${decision}`) ? t(`decision.${decision}`) : decision;
}

function intentName(value) {
  const intent = text(value, 64);
  return has(`intent.${intent}`) ? t(`intent.${intent}`) : intent;
}

/** What a row's producer says beside its title; why it failed, and was tried again, stands elsewhere. */
function note(row) {
  const title = ownWords(row) || row.failure ? '' : givenTitle(row);
  const last = title && row.events.findLast(({ step }) => step !== 'tool_retry');
  const words = last ? text(last.message, 160) : '';
  return words === title ? '' : words;
}

/** The figure that says most about a row. */
export function rowFacts(row) {
  const { meta } = row.events.at(-1);
  const facts = [note(row)].filter(Boolean);
  const topic = row.step === 'intent_determined' ? text(meta.topic, 200) : '';
  if (topic && topic !== text(meta.question, 200)) {
    facts.push(topic);
  }
  if (row.status === 'done' && whole(meta.chunks) !== null) {
    facts.push(count('fact.chunks', meta.chunks));
  }
  if (row.status === 'done' && whole(meta.questions) !== null) {
    facts.push(count('fact.questions', meta.questions));
  }
  if (row.status === 'done' && number(meta.max_score) !== null) {
    facts.push(t('fact.score', { score: meta.score, max: meta.max_score }));
  }
  const asked = row.events.findLast(({ step }) => step === 'input_required' || step === 'input_received');
  if (asked?.step === 'input_received') {
    facts.push(decisionName(asked.meta.decision));
  } else if (asked && row.status === 'running') {
    facts.push(t('status.waiting'));
  }
  if (row.retries) {
    facts.push(count('fact.retries', row.retries));
  }
  return facts;
}

function toolName(tool) {
  return has(`tool.${tool}`) ? t(`tool.${tool}`) : tool;
}

/** Why a run or a step failed, in plain words. */
export function failureText(failure) {
  if (!failure) {
    return '';
  }
  const reason = `reason.${failure.reason}`;
  if (!has(reason)) {
    return failure.message ?? t('reason.unknown');
  }
  const tool = failure.tool ? toolName(failure.tool) : t('tool.any');
  const words = t(reason, { tool, status: failure.status });
  return failure.attempts > 1 ? `${words} ${count('reason.attempts', failure.attempts)}` : words;
}

/** Why the server did not do what it was asked, in plain words. */
export function refusalText(refusal) {
  if (refusal.status === 429) {
    return refusal.retryAfter
      ? t('refused.429in', { s: refusal.retryAfter })
      : t('refused.429');
  }
  const known = { 0: 'refused.0', 401: 'refused.401', 403: 'refused.403', 409: 'refused.409', 502: 'refused.502', 503: 'refused.502' };
  return known[refusal.status]
    ? t(known[refusal.status])
    : t('refused.unknown', { status: refusal.status, detail: refusal.message });
}
