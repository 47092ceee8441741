// Downloads and copies: a large result, the events as a file, an id.
import * as api from './api.js';
import { say } from './announcer.js';
import { refuse } from './asking.js';
import { draw } from './draw.js';
import { t } from './i18n.js';
import { readResult } from './outcome.js';
import { app } from './store.js';
import { list } from './values.js';
import { refusalText } from './words.js';

export async function loadResult(run) {
  try {
    const view = await api.readRun(app.room.sessionId, run.id);
    run.result = readResult(view.result, view.text);
    run.isElsewhere = false;
  } catch (refusal) {
    refuse({ text: refusalText(refusal) });
  }
  draw();
}

export async function download() {
  try {
    const { messages } = await api.readMessages(app.room.sessionId);
    const lines = list(messages).map((message) => JSON.stringify(message) + '\n');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }));
    link.download = `${app.room.sessionId.replaceAll(':', '_')}.ndjson`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (refusal) {
    refuse({ text: refusalText(refusal) });
  }
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without HTTPS there is no clipboard, but there is a selection.
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'unseen';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  app.copied = what;
  say(t('copy.done'));
  draw();
  setTimeout(() => {
    if (app.copied === what) {
      app.copied = null;
      draw();
    }
  }, 2000);
}
