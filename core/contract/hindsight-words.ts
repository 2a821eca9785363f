import type { HindsightMean, HindsightView } from './hindsight-view.ts';

/** How the table is to be read: the same words in the window and on the command line. */
export const HINDSIGHT_WORDS =
  'What entries came to that were wanted, or would have: held for seven decision times (the voters’ own for the bars that their thesis had), ' +
  'or until the stop, less the costs of a round trip. What was refused or opposed and lost was rightly so; what gained was missed. ' +
  'Entries of one week do not stand apart: the interval is of weeks, and without it there are too few.';

export interface HindsightRow {
  /** Who spoke and how. */
  readonly name: string;
  readonly kind: 'made' | 'gate' | 'voters' | 'voter';
  readonly mean: HindsightMean;
  /** What else is to be known of it. */
  readonly note: string;
}

const VOTER_NAMES = { bull: 'Bull', bear: 'Bear', ensemble: 'models' } as const;
const SOURCE_NAMES = { rules: 'rules', llm: 'language model', models: 'models' } as const;

/** The table's rows: what was made, what each gate refused, what the voters took away, what each voter was for and against. */
export function hindsightRows({ made, gates, takenAway, voters }: HindsightView): readonly HindsightRow[] {
  return [
    { name: 'made', kind: 'made', mean: made, note: '' },
    ...gates.map(({ layer, refused, alone }): HindsightRow => {
      const note = alone === refused.count ? '' : `${alone} by it alone`;
      return { name: `refused by the ${layer.replaceAll('-', ' ')}`, kind: 'gate', mean: refused, note };
    }),
    ...(takenAway.count === 0
      ? []
      : [{ name: 'taken away by the voters', kind: 'voters', mean: takenAway, note: '' } as const]),
    ...voters.flatMap(({ voter, source, supported, opposed, earned, why }): readonly HindsightRow[] => {
      const name =
        voter === 'ensemble' ? VOTER_NAMES[voter] : `${VOTER_NAMES[voter]} (${SOURCE_NAMES[source]})`;
      const note = `earned ${earned.toFixed(3)}: ${why}`;
      return [
        { name: `${name} for it`, kind: 'voter', mean: supported, note: '' },
        { name: `${name} against it`, kind: 'voter', mean: opposed, note },
      ];
    }),
  ];
}

export function hindsightInterval({ interval }: HindsightMean): string {
  return interval === null ? '–' : `${signed(interval.low)} to ${signed(interval.high)} %`;
}

/** A percentage with its sign; a dash where there is none. */
export function hindsightPct(value: number | null): string {
  return value === null ? '–' : `${signed(value)} %`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
}
