// Who one is here: signed in, or the holder of a link, whose token stands behind the address's #, where it is
// in no log.
import { object, text } from './values.js';

const KEPT = 'agent-rooms.token';

/** What the server says of that. */
export const access = { mode: 'open', canSignIn: false, kind: '', user: '', hasEnded: false, isStillIn: false };

let token = null;

/** Takes the token out of the address, and asks the server who one is. */
export async function enter() {
  takeToken();
  let told = await ask();
  // A token that is good no longer must not stand before a sign-in that is.
  if (token && told.mode === 'token' && !told.caller) {
    access.hasEnded = true;
    drop();
    told = await ask();
  }
  access.mode = told.mode === 'token' ? 'token' : 'open';
  access.canSignIn = told.sign_in === true;
  access.kind = text(told.caller, 16);
  access.user = access.kind ? text(told.user, 256) : access.user;
  access.hasEnded &&= access.kind === '';
}

/** The server does not know one any more: the token has expired, or one has signed out in another window. */
export function endAccess() {
  if (access.kind) {
    access.kind = '';
    access.hasEnded = true;
  }
}

/** Looks whether one has signed in again meanwhile, in another window. */
export async function enterAgain() {
  if (isKnown()) {
    return false;
  }
  await enter();
  return isKnown();
}

/** A link may be opened in a page that is open already. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    keep(given);
  }
  token = given ?? token ?? kept();
  return given !== null;
}

export const currentToken = () => token;

export function authorization() {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** Whether one is somebody whom the server knows. */
export const isKnown = () => access.mode === 'open' || access.kind !== '';

/** Where to sign in, and come back from to here. */
export function signInAddress() {
  return `/signin?to=${encodeURIComponent(location.pathname + location.search)}`;
}

/** Signs out. Whether the server knows of it: if not, one is signed in still. */
export async function signOut() {
  try {
    const answer = await fetch('/signout', { method: 'POST' });
    access.isStillIn = !answer.ok;
  } catch {
    access.isStillIn = true;
  }
  return !access.isStillIn;
}

async function ask() {
  try {
    const answer = await fetch('/api/access', { cache: 'no-store', headers: authorization() });
    return object(await answer.json());
  } catch {
    return {}; // what one may not do is said when it is tried
  }
}

// As long as the tab, and where the browser allows it.
function keep(given) {
  try {
    sessionStorage.setItem(KEPT, given);
  } catch {
    // then as long as the page
  }
}

function drop() {
  token = null;
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // as above
  }
}

function kept() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
