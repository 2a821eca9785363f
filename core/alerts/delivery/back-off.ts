const FIRST_MS = 5_000;
const LONGEST_MS = 300_000;

/** How long to wait after so many failures in a row: twice as long each time, five minutes at most. */
export function backOffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** Math.max(failures - 1, 0), LONGEST_MS);
}
