// Times, durations and sizes, as the chosen language writes them.
import { currentLanguage, t } from './i18n.js';

const cache = new Map();

function formatter(kind, options) {
  const key = `${currentLanguage()} ${kind.name} ${JSON.stringify(options)}`;
  if (!cache.has(key)) {
    cache.set(key, new kind(currentLanguage(), options));
  }
  return cache.get(key);
}

const DAY = 24 * 60 * 60 * 1000;

export function time(ms) {
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  const recent = Math.abs(Date.now() - ms) < DAY / 2;
  return formatter(
    Intl.DateTimeFormat,
    recent ? clock : { ...clock, month: 'short', day: 'numeric' },
  ).format(ms);
}

export function duration(ms, digits = ms < 10_000 ? 1 : 0) {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds >= 90) {
    return t('time.minutes', { m: Math.floor(seconds / 60), s: Math.floor(seconds % 60) });
  }
  const number = formatter(Intl.NumberFormat, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return t('time.seconds', { s: number.format(seconds) });
}

/** How long something took that is over; of less than that our clocks cannot tell. */
export function took(ms) {
  return ms < 50 ? t('time.instant') : duration(ms);
}

export function ago(ms) {
  const seconds = Math.round((ms - Date.now()) / 1000);
  const format = formatter(Intl.RelativeTimeFormat, { numeric: 'auto', style: 'short' });
  if (seconds > -45) {
    return t('time.now');
  }
  if (seconds > -45 * 60) {
    return format.format(Math.round(seconds / 60), 'minute');
  }
  return seconds > -22 * 60 * 60
    ? format.format(Math.round(seconds / 3600), 'hour')
    : format.format(Math.round(seconds / 86400), 'day');
}

export function number(value) {
  return formatter(Intl.NumberFormat, { maximumFractionDigits: 2 }).format(value);
}

export function bytes(count) {
  return count < 1024 * 1024
    ? t('size.kib', { n: number(Math.round(count / 102.4) / 10) })
    : t('size.mib', { n: number(Math.round(count / 104857.6) / 10) });
}
