import type { OutlookView } from '../../core/contract/index.ts';
import { percent, price } from '../format/index.ts';

export interface OutlookLine {
  readonly label: string;
  readonly value: string;
}

/** What was foretold before a bar, line by line. */
export function outlookLines({ day, week, stop, roughness }: OutlookView): readonly OutlookLine[] {
  const horizon = (label: string, { sigma, low80, high80 }: OutlookView['day']): readonly OutlookLine[] => [
    { label: `${label}, one sigma`, value: share(sigma) },
    { label: `${label}, 80 % between`, value: `${signedShare(low80)} and ${signedShare(high80)}` },
  ];
  return [
    ...horizon('24 h', day),
    ...horizon('7 days', week),
    ...(stop === undefined
      ? []
      : [
          { label: `Stop at ${price(stop.price)} touched within 24 h`, value: about(stop.day) },
          { label: 'Within 7 days', value: about(stop.week) },
        ]),
    {
      label: 'Spread and slippage taken',
      value:
        roughness === null
          ? 'as set: the models have not learned from this coin'
          : `${roughness} times as set`,
    },
  ];
}

/** How the forecast stands to those before it. */
export function standingWords({ ahead, above, past }: OutlookView): string {
  if (ahead === null || above === null) {
    return `Whether it is quiet or stormy is told from 60 past forecasts on, one every eight hours: ${past} are known`;
  }
  const place = `above ${Math.floor(100 * above)} % of its own ${past} forecasts before it`;
  const rule = { quiet: 'below 20 %', normal: 'from 20 to 90 %', storm: 'from 90 %' }[ahead];
  return `${ahead.charAt(0).toUpperCase()}${ahead.slice(1)} ahead: ${place} (${ahead} is ${rule})`;
}

/** Of a log return, as a percentage of the price. */
function signedShare(logReturn: number): string {
  const move = Math.expm1(logReturn) * 100;
  return `${move > 0 ? '+' : ''}${percent(move, 1)}`;
}

function share(sigma: number): string {
  return percent(sigma * 100, 1);
}

function about(odds: number): string {
  return `about ${percent(odds * 100, odds < 0.1 ? 1 : 0)}`;
}
