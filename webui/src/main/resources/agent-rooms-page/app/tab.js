// The tab's title and icon: which session it shows, and how a run ended while nobody was looking.
import { brand } from './brand.js';
import { t } from './i18n.js';
import { sessionName } from './naming.js';
import { isOver } from './room.js';
import { app } from './store.js';

const ICON = document.querySelector('link[rel="icon"]');
const LONGEST = 60;

let news = null; // succeeded, failed, cancelled or waiting; null when it was seen
let shown = null;

/** A run that is slow is waited for in another tab. */
export function noteInTab(run, { step }) {
  if (document.hidden && (isOver(run) || step === 'input_required')) {
    news = run.status;
  }
}

export function seenInTab() {
  news = null;
  nameTab();
}

export function nameTab() {
  const name = app.room ? `${sessionName().slice(0, LONGEST)} · ${brand.name}` : brand.name;
  const title = news ? `(${t(`status.${news}`)}) ${name}` : name;
  if (title !== document.title) {
    document.title = title;
  }
  if (news !== shown) {
    shown = news;
    ICON.href = news ? icon(news) : brand.icon;
  }
}

function icon(status) {
  const file = status === 'succeeded' ? 'icon-done' : 'icon-look';
  return new URL(`../${file}.svg`, import.meta.url).href;
}
