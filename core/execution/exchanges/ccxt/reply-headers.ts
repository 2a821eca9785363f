export type ReplyHeaders = Readonly<Record<string, string | undefined>>;

/** A header of a reply, however its name is written: ccxt gives each word a capital. */
export function headerOf(headers: ReplyHeaders, name: string): string | undefined {
  const written = Object.keys(headers).find((each) => each.toLowerCase() === name);
  return written === undefined ? undefined : headers[written];
}

/** A number of zero or more that a header tells; undefined where it tells none. */
export function countOf(told: string | undefined): number | undefined {
  return told !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(told) ? Number(told) : undefined;
}
