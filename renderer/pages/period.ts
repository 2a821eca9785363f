const DAY_MS = 86_400_000;

/** From one day to another, both within; an empty one leaves that end open. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

export const ALL_DAYS: Days = { from: '', to: '' };

/** The days as the program is asked: in milliseconds, the end left out. */
export function periodOf({ from, to }: Days): { readonly from?: number; readonly to?: number } {
  return {
    ...(from === '' ? {} : { from: Date.parse(from) }),
    ...(to === '' ? {} : { to: Date.parse(to) + DAY_MS }),
  };
}
