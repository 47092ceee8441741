// What operators see: figures, nodes, the runs of now, tools.
import { brand } from '../brand.js';
import * as format from '../format.js';
import { t } from '../i18n.js';
import { html, nothing, repeat } from '../lib.js';
import { list, object, text, time, whole } from '../values.js';
import { auditLog } from './audit.js';
import { icon } from './icons.js';
import { timeOf } from './time.js';

const OUTCOMES = ['succeeded', 'failed', 'stopped'];

export function adminPage(admin, tools) {
  return html`
    <header class="top">
      <a class="brand" href="/"><img src=${brand.icon} alt="" width="26" height="26" /><span class="name">${brand.name}</span></a>
    </header>
    <main class="admin">
      <h1>${t('admin.title')}</h1>
      ${admin.problem ? problem(admin.problem) : nothing} ${admin.overview ? overview(admin, tools) : nothing}
    </main>
  `;
}

function problem({ status }) {
  const words = { 401: 'admin.unauthorized', 403: 'admin.forbidden' }[status] ?? 'admin.away';
  return html`<div class="notice warning">${icon('warning')}<p>${t(words)}</p></div>`;
}

function overview(admin, tools) {
  const { agent: told, nodes, store } = admin.overview;
  const agent = object(told);
  const of = (each, name) => sum(list(each).map((node) => whole(object(node)[name]) ?? 0));
  return html`
    ${told ? nothing : html`<div class="notice failed">${icon('warning')}<p>${t('admin.noAgent')}</p></div>`}
    <dl class="figures">
      ${figure('running', of(agent.nodes, 'running'))} ${figure('waiting', of(agent.nodes, 'waiting'))}
      ${figure('awaiting', whole(agent.awaiting_input) ?? 0)} ${figure('sessions', whole(agent.sessions) ?? 0)}
      ${figure('rooms', of(nodes, 'rooms'))} ${figure('watchers', of(nodes, 'watchers'))}
      ${figure('undelivered', of(agent.nodes, 'undelivered'))}
      ${figure('store', t(object(store).up === true ? 'admin.storeUp' : 'admin.storeAway'), object(store).up !== true)}
    </dl>
    ${section('admin.runs', runs(admin, list(agent.active).map(object)))}
    ${section('admin.agents', table(['node', 'running', 'waiting', 'undelivered'], list(agent.nodes).map(object)))}
    ${section('admin.webUis', table(['node', 'rooms', 'watchers', 'subscribers', 'copies'], list(nodes).map(object)))}
    ${section('admin.tools', toolTable(tools))}
    ${auditLog(admin)}
  `;
}

const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);

function figure(name, value, bad = false) {
  return html`<div class=${bad ? 'bad' : ''}>
    <dt>${t(`admin.${name}`)}</dt>
    <dd>${typeof value === 'number' ? format.number(value) : value}</dd>
  </div>`;
}

function section(title, content) {
  return html`<section>
    <h2>${t(title)}</h2>
    <div class="table" tabindex="0" role="region" aria-label=${t(title)}>${content}</div>
  </section>`;
}

function table(columns, nodes) {
  return html`<table>
    <thead>
      <tr>
        ${columns.map((name, i) => html`<th scope="col" class=${i ? 'number' : ''}>${t(`admin.${name}`)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${nodes.map(
        (node) => html`<tr>
          <th scope="row">${text(node.node, 100)}</th>
          ${node.silent === true
            ? html`<td class="silent" colspan=${columns.length - 1}>${t('admin.silent')}</td>`
            : columns.slice(1).map((name) => html`<td class="number">${format.number(whole(node[name]) ?? 0)}</td>`)}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function toolTable(tools) {
  return tools.length
    ? html`<table>
        <thead>
          <tr>
            <th scope="col">${t('admin.tool')}</th>
            ${OUTCOMES.map((name) => html`<th scope="col" class="number">${t(`admin.${name}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${tools.map(
            ({ tool, outcomes }) => html`<tr>
              <th scope="row">${tool}</th>
              ${OUTCOMES.map((name) => html`<td class="number">${format.number(outcomes[name] ?? 0)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>`
    : html`<p class="soft">${t('admin.noTools')}</p>`;
}

function runs(admin, active) {
  return active.length
    ? html`<table>
        <thead>
          <tr>
            <th scope="col">${t('admin.session')}</th>
            <th scope="col">${t('admin.status')}</th>
            <th scope="col">${t('admin.since')}</th>
            <th scope="col"><span class="unseen">${t('admin.actions')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(active, (run) => run.session_id, (run) => runLine(admin, run))}
        </tbody>
      </table>`
    : html`<p class="soft">${t('admin.noRuns')}</p>`;
}

function runLine(admin, run) {
  const busy = admin.busy.has(run.session_id);
  const title = text(run.title, 200);
  const status = text(run.status, 20);
  return html`<tr>
    <th scope="row"><a href=${`/?session=${encodeURIComponent(text(run.session_id, 128))}`}>${title}</a></th>
    <td><span class="dot ${status}"></span>${t(`status.${status}`)}</td>
    <td>${timeOf(time(run.since))}</td>
    <td class="buttons">
      ${admin.sure === run.session_id
        ? html`<button class="small danger" @click=${() => admin.remove(run)}>${t('admin.sure')}</button>
            <button class="small" @click=${() => admin.ask(null)}>${t('admin.keep')}</button>`
        : html`<button class="small" aria-label=${`${t('admin.audit')}: ${title}`} @click=${() => admin.readAudit(text(run.session_id, 128))}>
              ${t('admin.audit')}
            </button>
            <button class="small" ?disabled=${busy} aria-label=${`${t('admin.cancel')}: ${title}`} @click=${() => admin.cancel(run)}>
              ${t('admin.cancel')}
            </button>
            <button class="small danger" ?disabled=${busy} aria-label=${`${t('admin.delete')}: ${title}`} @click=${() => admin.ask(run)}>
              ${t('admin.delete')}
            </button>`}
    </td>
  </tr>`;
}
