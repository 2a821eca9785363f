import type { Action } from '../../contract/index.ts';
import { type Outlook, type OutlookRecord, touchOdds } from '../../domain/index.ts';

export interface OutlookCase {
  readonly close: number;
  /** Of what is held, or was wanted; null: none is known. */
  readonly stop: number | null;
  /** Whether an entry was sent. */
  readonly enters: boolean;
  readonly action: Action;
}

/** What a decision was told of the volatility ahead, with how likely its stop is touched and a warning where it enters a storm. */
export function outlookRecord(outlook: Outlook, { close, stop, enters, action }: OutlookCase): OutlookRecord {
  const { day, week, ahead, above, past } = outlook;
  const odds =
    stop === null || !(stop > 0)
      ? {}
      : { stop: { price: stop, day: touchOdds(close, stop, day), week: touchOdds(close, stop, week) } };
  if (!enters || ahead !== 'storm' || above === null) return { ...outlook, ...odds };
  const warning = `${action} into a storm: the volatility foretold of the next day is above ${Math.floor(100 * above)} % of the ${past} forecasts before it`;
  return { ...outlook, ...odds, warning };
}
