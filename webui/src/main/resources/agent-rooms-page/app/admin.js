// Entry point of the page for operators: what runs now, node by node, and what can be done about it.
import * as api from './api.js';
import { enter } from './access.js';
import { say, warn } from './announcer.js';
import { draw, drawWith } from './draw.js';
import { addWords, count, currentLanguage, t } from './i18n.js';
import { ID } from './ids.js';
import { loadPreferences } from './preferences.js';
import { adminPage } from './view/admin.js';
import { renderGuarded } from './view/guard.js';
import { list, object, text, time, whole } from './values.js';
import { refusalText } from './words.js';

const WORDS = { en: () => import('./i18n/admin.en.js'), ru: () => import('./i18n/admin.ru.js') };
const EVERY = 5000;

const admin = {
  overview: null,
  problem: null,
  busy: new Set(),
  sure: null,
  audit: { asked: '', sessionId: null, kept: 0, lines: [], silent: [], problem: null },
  cancel,
  remove,
  ask,
  write,
  readAudit,
};

async function refresh() {
  try {
    admin.overview = object(await api.readOverview());
    admin.problem = null;
  } catch (refusal) {
    admin.problem = refusal;
  }
  draw();
}

async function cancel(run) {
  await act(run, () => api.cancelRun(run.session_id, run.run_id), 'admin.cancelled');
}

/** Asks once more before what cannot be undone. */
function ask(run) {
  admin.sure = run?.session_id ?? null;
  draw();
}

async function remove(run) {
  admin.sure = null;
  await act(run, () => api.deleteSession(run.session_id), 'admin.deleted');
}

async function act(run, does, words) {
  admin.busy.add(run.session_id);
  draw();
  try {
    await does();
    say(t(words));
  } catch (refusal) {
    warn(refusalText(refusal));
  }
  admin.busy.delete(run.session_id);
  await refresh();
}

/** Somebody writes whose lines they want to see. */
function write(sessionId) {
  admin.audit.asked = sessionId;
  draw();
}

/** Who did what to a session lately, of all nodes together, newest first. */
async function readAudit(sessionId) {
  const { audit } = admin;
  audit.asked = sessionId;
  if (!ID.test(sessionId)) {
    Object.assign(audit, { sessionId: null, problem: t('ask.badSession') });
    warn(audit.problem);
    draw();
    return;
  }
  try {
    const told = await api.readAudit(sessionId);
    const nodes = list(told.nodes).map(object);
    const lines = nodes.flatMap(({ node, lines: own }) => list(own).map((line) => ({ ...object(line), node: text(node, 100) })));
    Object.assign(audit, {
      sessionId,
      kept: whole(told.kept) ?? 0,
      lines: lines.sort((one, other) => (time(other.at) ?? 0) - (time(one.at) ?? 0)),
      silent: nodes.filter(({ silent }) => silent === true).map(({ node }) => text(node, 100)),
      problem: null,
    });
    say(count('admin.lines', lines.length));
  } catch (refusal) {
    Object.assign(audit, { sessionId: null, problem: refusalText(refusal) });
    warn(audit.problem);
  }
  draw();
}

/** What tools did, of all nodes together: [{ tool, outcomes: { success: 3, … } }]. */
function tools() {
  const byTool = new Map();
  for (const node of list(object(admin.overview?.agent).nodes)) {
    for (const { tool, outcome, calls } of list(node.tools).map(object)) {
      const outcomes = byTool.get(tool) ?? {};
      outcomes[outcome] = (outcomes[outcome] ?? 0) + calls;
      byTool.set(tool, outcomes);
    }
  }
  return [...byTool].sort().map(([tool, outcomes]) => ({ tool, outcomes }));
}

await Promise.all([loadPreferences(), enter()]);
addWords((await WORDS[currentLanguage()]()).default);
const root = document.getElementById('app');
root.replaceChildren();
drawWith(() => renderGuarded(() => adminPage(admin, tools()), root));
await refresh();
setInterval(() => !document.hidden && refresh(), EVERY);
