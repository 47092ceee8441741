// Groups what is sorted by time by its days, in the words of the chosen language.
import { currentLanguage } from './i18n.js';

const DAY = 24 * 60 * 60 * 1000;

/** [{ day, entries }], of entries with `activeAt`; `day` is null where that is not known. */
export function byDay(entries) {
  const groups = [];
  for (const entry of entries) {
    const day = entry.activeAt === null ? null : startOfDay(entry.activeAt);
    if (groups.at(-1)?.day !== day) {
      groups.push({ day, entries: [] });
    }
    groups.at(-1).entries.push(entry);
  }
  return groups;
}

function startOfDay(ms) {
  return new Date(ms).setHours(0, 0, 0, 0);
}

export function dayName(day, now = Date.now()) {
  const language = currentLanguage();
  // Rounded, because a day may have 23 hours or 25.
  const away = Math.round((day - startOfDay(now)) / DAY);
  if (away === 0 || away === -1) {
    const name = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(away, 'day');
    return name[0].toLocaleUpperCase(language) + name.slice(1);
  }
  const sameYear = new Date(day).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(language, {
    weekday: sameYear ? 'long' : undefined,
    day: 'numeric',
    month: 'long',
    year: sameYear ? undefined : 'numeric',
  }).format(day);
}
