// Renaming a session, in its line of the list.
import * as api from './api.js';
import { say, warn } from './announcer.js';
import { draw } from './draw.js';
import { t } from './i18n.js';
import { nameEntry, nameOf } from './sessions.js';
import { app } from './store.js';
import { textOrNull } from './values.js';
import { refusalText } from './words.js';

export function startRenaming(entry) {
  const name = nameOf(entry);
  app.sessionMenu = null;
  app.renaming = { id: entry.id, before: name, text: name, busy: false, problem: null };
  draw();
}

export function typeName(text) {
  app.renaming.text = text;
  app.renaming.problem = null;
}

export function stopRenaming() {
  app.renaming = null;
  draw();
}

/** Nothing as a name gives the first question back. */
export async function saveName() {
  const { renaming } = app;
  const name = renaming.text.trim();
  if (renaming.busy) {
    return;
  }
  if (name === renaming.before) {
    stopRenaming();
    return;
  }
  renaming.busy = true;
  draw();
  try {
    const named = await api.nameSession(renaming.id, name || null);
    nameEntry(renaming.id, textOrNull(named.title, 200));
    say(t('rename.done'));
    if (app.renaming === renaming) {
      app.renaming = null;
    }
  } catch (refusal) {
    renaming.busy = false;
    renaming.problem = refusalText(refusal);
    warn(renaming.problem);
  }
  draw();
}
