// Downloads, copies and links: a large result, the events as a file, an id, the session for others.
import * as api from './api.js';
import { say } from './announcer.js';
import { refuse } from './asking.js';
import { draw } from './draw.js';
import { t } from './i18n.js';
import { readResult } from './outcome.js';
import { app } from './store.js';
import { list, text } from './values.js';
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

/** Copies a link with which others can watch; where no links are made, the page's own address. */
export async function share(what) {
  let address = sessionLink();
  try {
    address = new URL(text((await api.makeLink(app.room.sessionId)).url) || address, location.href).href;
  } catch (refusal) {
    // Without sign-in whoever reaches the page may watch.
    if (refusal.status === 401 || refusal.status === 403) {
      refuse({ text: t('share.refused') });
      return;
    }
  }
  await copy(address, what, 'share.done');
}

function sessionLink() {
  return new URL(`?session=${encodeURIComponent(app.room.sessionId)}`, location.href).href;
}

export async function copy(words, what, said = 'copy.done') {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    // Without HTTPS there is no clipboard, but there is a selection.
    const area = document.createElement('textarea');
    area.value = words;
    area.className = 'unseen';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  app.copied = what;
  say(t(said));
  draw();
  setTimeout(() => {
    if (app.copied === what) {
      app.copied = null;
      draw();
    }
  }, 2000);
}
