// Signing in and out, and what is missing to see a session or to use it.
import { access, isKnown, signInAddress, signOut } from '../access.js';
import { draw } from '../draw.js';
import { t } from '../i18n.js';
import { forgetWritten } from '../keeping.js';
import { html, nothing } from '../lib.js';
import { icon } from './icons.js';

/** In the header. */
export function whoOneIs() {
  if (access.mode === 'open') {
    return nothing;
  }
  if (access.kind === 'link') {
    return html`<span class="who soft">${t('access.byLink')}</span>`;
  }
  if (!isKnown()) {
    return access.canSignIn ? html`<a class="who" href=${signInAddress()}>${t('access.signIn')}</a>` : nothing;
  }
  return html`<span class="who soft" title=${access.user}>${access.user}</span>
    ${access.canSignIn ? html`<button class="quiet leave" @click=${leave}>${icon('leave')}<span class="words">${t('access.signOut')}</span></button>` : nothing}`;
}

async function leave() {
  if (await signOut()) {
    forgetWritten();
    location.assign('/');
  } else {
    draw();
  }
}

export function accessNotice({ barred }) {
  if (access.isStillIn) {
    return html`<div class="notice warning no-access">${icon('warning')}<p>${t('access.stillIn')}</p></div>`;
  }
  const missing = isKnown() ? (barred === 'unauthorized' ? null : barred) : 'unauthorized';
  if (!missing && !failed()) {
    return nothing;
  }
  const mayHelp = access.canSignIn && (missing === 'unauthorized' || failed());
  return html`<div class="notice warning no-access">
    ${icon('warning')}
    <p>${missing === 'unauthorized' || !missing ? words() : t('access.notYours')}</p>
    ${mayHelp ? html`<a role="button" class="small" href=${signInAddress()}>${t('access.signIn')}</a>` : nothing}
  </div>`;
}

// What came of signing in, as the server says it in the address.
function failed() {
  return !(isKnown() && access.mode === 'token') && new URLSearchParams(location.search).get('signin');
}

function words() {
  const how = failed();
  if (how) {
    return t(how === 'expired' ? 'access.tooLate' : 'access.failed');
  }
  if (access.hasEnded) {
    return t(access.canSignIn ? 'access.signInAgain' : 'access.linkEnded');
  }
  return t(access.canSignIn ? 'access.needsSignIn' : 'access.needsLink');
}
