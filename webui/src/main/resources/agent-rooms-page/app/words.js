// Steps, tools and failures in words.
import { count, has, t } from './i18n.js';
import { number, text, whole } from './values.js';

/** What a row says: our words for the steps that we know, the producer's for others. */
export function rowTitle(row) {
  const { step, status } = row;
  const known = `step.${step}.${status}`;
  if (has(known)) {
    return t(known, { intent: intentName(row.events[0].meta.intent) });
  }
  return text(row.events.at(-1).message, 300) || step.replaceAll('_', ' ');
}

function intentName(value) {
  const intent = text(value, 64) || 'answer';
  return has(`intent.${intent}`) ? t(`intent.${intent}`) : intent;
}

/** The figure that says most about a row. */
export function rowFacts(row) {
  const { meta } = row.events.at(-1);
  const facts = [];
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
  const known = { 0: 'refused.0', 409: 'refused.409', 502: 'refused.502', 503: 'refused.502' };
  return known[refusal.status]
    ? t(known[refusal.status])
    : t('refused.unknown', { status: refusal.status, detail: refusal.message });
}
