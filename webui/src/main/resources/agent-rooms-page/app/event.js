// Reads a progress event from a message of any shape.
import { object, text, textOrNull, time, whole } from './values.js';

export function readEvent(message) {
  const seq = whole(message.seq) || null;
  return {
    id: text(message.event_id, 200) || `number ${seq}`,
    seq,
    at: time(message.ts), // null when unknown
    writtenAt: text(message.ts, 40),
    runId: text(message.run_id, 200),
    step: text(message.step, 64) || 'progress',
    tool: textOrNull(message.tool, 128),
    level: ['warning', 'error'].includes(message.level) ? message.level : 'info',
    message: textOrNull(message.message),
    meta: object(message.meta), // its members may be anything
    raw: message,
  };
}
