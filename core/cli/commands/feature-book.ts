import { type Command, InvalidArgumentError } from 'commander';
import { TraderError } from '../../domain/index.ts';
import { BookReplay, type BookReplayReport, bookFeatureLines, writeWhole } from '../../research/index.ts';
import type { CommandContext } from '../context.ts';
import { positiveNumber } from './run.ts';

interface BookFlags {
  readonly data: readonly string[];
  readonly interval: number;
  readonly minuteVolume?: number;
  readonly out?: string;
  readonly json?: boolean;
}

const SECOND_MS = 1_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  '': SECOND_MS,
  s: SECOND_MS,
  m: 60 * SECOND_MS,
  h: 3_600 * SECOND_MS,
  d: 86_400 * SECOND_MS,
};

/** `tradebot features book`: a recorded order book into the order-book features. */
export function registerFeatureBook(features: Command, { terminal }: CommandContext): void {
  features
    .command('book')
    .description(
      'replay a recorded order book into its features: CSV, one row an interval, by its opening time',
    )
    .requiredOption('--data <file...>', 'raw recordings of depth and trades, in the order of time')
    .option('--interval <length>', 'length of a row, such as 1s, 5m or 1h', intervalMs, UNIT_MS['m'])
    .option(
      '--minute-volume <amount>',
      'mean volume of a minute over the day before, in quote currency; else of the recorded trades',
      positiveNumber,
    )
    .option('--out <file>', 'a .csv or .csv.gz instead of standard output')
    .option('--json', 'print what was replayed and the range of each feature')
    .action(async ({ data: files, interval, minuteVolume, out, json }: BookFlags) => {
      if (out !== undefined && !/\.csv(\.gz)?$/.test(out)) {
        throw new TraderError('bad-input', `--out ${out}: must end in .csv or .csv.gz`);
      }
      if (out !== undefined && files.includes(out)) {
        throw new TraderError('bad-input', `--out ${out}: would overwrite the recording`);
      }
      const volume = minuteVolume === undefined ? {} : { minuteVolume };
      const replay = new BookReplay({ files, intervalMs: interval, ...volume });
      const lines = bookFeatureLines(replay.rows());
      if (out !== undefined) await writeWhole(out, lines);
      // JSON stands alone on standard output; the rows are computed for their ranges.
      else for await (const line of lines) if (json !== true) terminal.print(line.trimEnd());
      if (json === true) terminal.print(JSON.stringify(replay.report));
      for (const line of describe(replay.report)) terminal.note(line);
    });
}

function describe({ messages, snapshots, trades, rows, rowsWithBook, holes }: BookReplayReport): string[] {
  const sequence = holes.length === 0 ? 'no gap in the sequence' : `${holes.length} gaps in the sequence`;
  const shown = holes.slice(0, 10).map(({ time, afterId, untilId }) => {
    const at = new Date(time).toISOString();
    return `  ${at}: updates ${afterId + 1} to ${untilId} are missing; no book until the next snapshot`;
  });
  const more = holes.length > shown.length ? [`  and ${holes.length - shown.length} more gaps`] : [];
  const without = snapshots === 0 ? ['there is no snapshot in it, without which there is no book'] : [];
  return [
    `${messages} messages, ${snapshots} snapshots, ${trades} trades: ${rows} rows, ${rowsWithBook} with a book, ${sequence}`,
    ...without,
    ...shown,
    ...more,
  ];
}

function intervalMs(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  const ms = Number(digits) * (UNIT_MS[unit] ?? Number.NaN);
  if (!(ms > 0)) throw new InvalidArgumentError('it must be a length such as 1s, 5m or 1h.');
  return ms;
}
