// Who did what to a session: the latest lines of the audit log, as far as the nodes still have them.
import * as format from '../format.js';
import { count, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { text, time } from '../values.js';
import { icon } from './icons.js';
import { timeOf } from './time.js';

const CALLERS = ['user', 'admin', 'link', 'anyone', 'unknown'];

export function auditLog(admin) {
  const { audit } = admin;
  return html`<section aria-labelledby="audit-title">
    <h2 id="audit-title">${t('admin.auditTitle')}</h2>
    <form
      class="audit"
      novalidate
      @submit=${(event) => {
        event.preventDefault();
        admin.readAudit(audit.asked.trim());
      }}
    >
      <label>
        <span>${t('admin.auditOf')}</span>
        <input
          name="session"
          maxlength="128"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          aria-invalid=${audit.problem ? 'true' : nothing}
          aria-describedby=${audit.problem ? 'audit-problem' : 'audit-hint'}
          .value=${audit.asked}
          @input=${(event) => admin.write(event.target.value)}
        />
      </label>
      <button type="submit" class="small">${t('admin.show')}</button>
    </form>
    ${audit.problem ? html`<p class="why" id="audit-problem">${audit.problem}</p>` : nothing}
    ${audit.silent.map((node) => html`<div class="notice warning">${icon('warning')}<p>${t('admin.auditSilent', { node })}</p></div>`)}
    ${audit.sessionId === null ? nothing : found(audit)}
    <p class="soft" id="audit-hint">${t('admin.auditHint')}</p>
  </section>`;
}

function found({ sessionId, kept, lines }) {
  if (lines.length === 0) {
    return html`<p>${kept === 0 ? t('admin.auditOpen') : t('admin.auditNone', { session: sessionId, n: format.number(kept) })}</p>`;
  }
  return html`<div class="table" tabindex="0" role="region" aria-label=${count('admin.lines', lines.length)}>
    <table>
      <caption class="unseen">${count('admin.lines', lines.length)}</caption>
      <thead>
        <tr>
          ${['at', 'who', 'from', 'what', 'outcome', 'node'].map((name) => html`<th scope="col">${t(`admin.${name}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          (line) => html`<tr>
            <td>${timeOf(time(line.at), format.time)}</td>
            <td>${text(line.user, 256)} <span class="soft">${caller(line)}</span></td>
            <td>${text(line.from, 64)}</td>
            <td><code>${text(line.what, 300)}</code></td>
            <td class=${line.outcome === 'refused' ? 'silent' : nothing}>${outcome(line)}</td>
            <td>${line.node}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const caller = (line) => (CALLERS.includes(line.caller) ? t(`admin.caller.${line.caller}`) : text(line.caller, 20));

function outcome(line) {
  const word = t(line.outcome === 'refused' ? 'admin.refused' : 'admin.allowed');
  return line.why ? `${word}: ${text(line.why, 200)}` : word;
}
