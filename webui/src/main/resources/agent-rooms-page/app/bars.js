// A run's rows as bars on a time axis.

const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400];

/** The time that the axis spans; null where the rows have no times. */
export function spanOf(rows, now) {
  let from = Infinity;
  let to = -Infinity;
  for (const row of rows) {
    if (row.startedAt !== null) {
      from = Math.min(from, row.startedAt);
      to = Math.max(to, endOf(row, now));
    }
  }
  return to > from ? { from, to } : null;
}

function endOf(row, now) {
  return row.startedAt + (row.status === 'running' ? Math.max(0, now - row.startedAt) : (row.durationMs ?? 0));
}

/** Where a row's bar begins and how long it is, both in hundredths of the axis; null without one. */
export function barOf(row, span, now) {
  if (!span || row.startedAt === null) {
    return null;
  }
  const share = (ms) => Math.min(100, Math.max(0, (100 * ms) / (span.to - span.from)));
  const start = share(row.startedAt - span.from);
  return { start, length: Math.min(100 - start, share(endOf(row, now) - row.startedAt)) };
}

/** Some round times on the axis: { ms since its beginning, at in hundredths }. */
export function ticksOf({ from, to }) {
  const all = to - from;
  const step = TICKS.find((seconds) => all / (seconds * 1000) <= 4) ?? TICKS.at(-1);
  const ticks = [];
  for (let ms = 0; ms < all * 0.9 && ticks.length < 5; ms += step * 1000) {
    ticks.push({ ms, at: (100 * ms) / all });
  }
  return ticks;
}
