// Ids: their syntax, and generating them.

/** What ids of sessions and runs look like. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export function madeUpId() {
  const letters = crypto.getRandomValues(new Uint8Array(8));
  return `room-${[...letters].map((byte) => (byte % 36).toString(36)).join('')}`;
}

export function madeUpKey() {
  // Only a page that came over HTTPS, or from this machine, has randomUUID.
  return crypto.randomUUID?.() ?? madeUpId() + madeUpId();
}
