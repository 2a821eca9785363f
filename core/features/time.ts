import { TIMEFRAME_MS } from '../domain/index.ts';
import { columnsOf } from './catalogue.ts';
import type { FeatureGroupComputer } from './feature-group.ts';
import { dayOfWeek, isWeekend, SessionClock } from './sessions.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('time');

const DAY_MS = TIMEFRAME_MS['1d'];
const FUNDING_MS = 8 * TIMEFRAME_MS['1h'];

/** Where the close of the bar lies in the day, the week, the sessions and the funding cycle of perpetuals. */
export class Time implements FeatureGroupComputer {
  readonly #asia = new SessionClock({ zone: 'UTC', fromHour: 0, toHour: 9, weekdaysOnly: false });
  readonly #europe = new SessionClock({
    zone: 'Europe/London',
    fromHour: 8,
    toHour: 17,
    weekdaysOnly: false,
  });
  readonly #us = new SessionClock({
    zone: 'America/New_York',
    fromHour: 9.5,
    toHour: 16,
    weekdaysOnly: true,
  });

  update({ closeTime }: SharedSeries, columns: Float64Array): void {
    const dayTurn = turn(closeTime, DAY_MS);
    const weekTurn = (2 * Math.PI * dayOfWeek(closeTime) + dayTurn) / 7;
    const fundingTurn = turn(closeTime, FUNDING_MS);
    columns[AT.hour_sin] = Math.sin(dayTurn);
    columns[AT.hour_cos] = Math.cos(dayTurn);
    columns[AT.dow_sin] = Math.sin(weekTurn);
    columns[AT.dow_cos] = Math.cos(weekTurn);
    columns[AT.is_weekend] = isWeekend(closeTime) ? 1 : 0;
    columns[AT.session_asia] = this.#asia.isOpen(closeTime) ? 1 : 0;
    columns[AT.session_europe] = this.#europe.isOpen(closeTime) ? 1 : 0;
    columns[AT.session_us] = this.#us.isOpen(closeTime) ? 1 : 0;
    columns[AT.funding_sin] = Math.sin(fundingTurn);
    columns[AT.funding_cos] = Math.cos(fundingTurn);
  }

  /** The time is in the bar: nothing is remembered. */
}

/** Phase of an instant in a cycle counted from the epoch, in radians. */
function turn(time: number, cycleMs: number): number {
  return (2 * Math.PI * (time % cycleMs)) / cycleMs;
}
