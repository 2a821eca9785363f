import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { BookReplay } from '../../engine/index.ts';
import type { CommandContext } from '../context.ts';
import { BadInput } from '../failure.ts';
import { wholeNumber } from './run.ts';

interface BookFlags {
  readonly data: readonly string[];
  readonly interval: number;
  readonly out?: string;
  readonly json?: boolean;
}

const SECOND_MS = 1_000;

/** `tradebot features book`: a recorded order book into the order-book features. */
export function registerFeatureBook(features: Command, { terminal }: CommandContext): void {
  features
    .command('book')
    .description('replay a recorded order book into its features: CSV, one row an interval')
    .requiredOption('--data <file...>', 'raw recordings of depth and trades, in the order of time')
    .option('--interval <seconds>', 'length of a row', wholeNumber, 60)
    .option('--out <file>', 'a .csv or .csv.gz instead of standard output')
    .option('--json', 'print what was replayed and the range of each feature')
    .action(async (flags: BookFlags) => {
      if (flags.interval < 1) throw new BadInput('--interval 0: give whole seconds, 1 or more');
      if (flags.out !== undefined && !/\.csv(\.gz)?$/.test(flags.out)) {
        throw new BadInput(`--out ${flags.out}: must end in .csv or .csv.gz`);
      }
      const replay = new BookReplay({ files: flags.data, intervalMs: flags.interval * SECOND_MS });
      const ranges = replay.names.map((name) => ({ name, values: 0, min: Infinity, max: -Infinity, sum: 0 }));
      const lines = [['timestamp_ms', ...replay.names].join(',')];
      for await (const { closeTime, values } of replay.rows()) {
        lines.push([closeTime - flags.interval * SECOND_MS, ...[...values].map(cell)].join(','));
        for (const [column, range] of ranges.entries()) {
          const value = values[column] ?? Number.NaN;
          if (Number.isNaN(value)) continue;
          range.values += 1;
          range.sum += value;
          range.min = Math.min(range.min, value);
          range.max = Math.max(range.max, value);
        }
      }
      const content = `${lines.join('\n')}\n`;
      if (flags.out !== undefined)
        writeFileSync(flags.out, flags.out.endsWith('.gz') ? gzipSync(content) : content);
      const { report } = replay;
      if (flags.json === true) {
        const features = ranges.map(({ name, values, min, max, sum }) =>
          values === 0 ? { name, values } : { name, values, min, mean: sum / values, max },
        );
        terminal.print(JSON.stringify({ ...report, features }));
      } else if (flags.out === undefined) for (const line of lines) terminal.print(line);
      terminal.note(
        `${report.messages} messages, ${report.snapshots} snapshots, ${report.trades} trades: ${report.rows} rows` +
          (report.gaps === 0
            ? ', no gap in the sequence'
            : `, ${report.gaps} gaps: no book until the next snapshot`),
      );
    });
}

function cell(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
