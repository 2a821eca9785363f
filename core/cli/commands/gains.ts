import { type Command, Option } from 'commander';
import { readable, subtract, TraderError, text } from '../../domain/index.ts';
import { GAINS_METHODS, type GainsMethod, type StoredGains, storedGains } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { table } from '../terminal.ts';

interface Flags {
  readonly mode?: string;
  readonly method: GainsMethod;
  readonly zone: string;
  readonly csv?: boolean;
  readonly json?: boolean;
}

const NO_ADVICE =
  'No tax advice: what counts as a sale, and by which method, is for your tax office to say. Amounts are in the ' +
  "account's currency, fees are in them at their worth when they were taken; what was held before the program began, " +
  'or came by a transfer, has no cost here.';

/** `tradebot gains`: what was sold, what it had cost, by years. */
export function registerGains(program: Command, context: CommandContext): void {
  program
    .command('gains')
    .description('realised gains by calendar year, for taxes (no advice)')
    .addOption(
      new Option(
        '--method <method>',
        'what a sale had cost: what was bought first, or the average of all held',
      )
        .choices(GAINS_METHODS)
        .default('fifo'),
    )
    .option('--zone <time zone>', 'whose midnight ends a year, such as Europe/Berlin', 'UTC')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--csv', 'print each sale as a line of CSV')
    .option('--json', 'print one JSON document')
    .action((flags: Flags) => {
      const settings = settingsOf(context, { mode: flags.mode });
      const gains = storedGains(dataDirectoryOf(context), settings, flags.method, yearsOf(flags.zone));
      for (const line of linesOf(gains, flags)) context.terminal.print(line);
      context.terminal.note(NO_ADVICE);
    });
}

/** @throws TraderError for a time zone that there is not. */
function yearsOf(zone: string): (time: number) => number {
  try {
    const year = new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: zone });
    return (time) => Number(year.format(time));
  } catch {
    throw new TraderError('bad-input', `--zone ${zone}: give a time zone such as Europe/Berlin`);
  }
}

function linesOf(gains: StoredGains, { csv, json }: Flags): readonly string[] {
  if (json === true) return [JSON.stringify(documentOf(gains))];
  if (csv === true) return [CSV_COLUMNS.join(','), ...gains.disposals.map(csvLine)];
  const rows = gains.years.map(({ year, disposals, other, ...sums }) => [
    String(year),
    String(disposals),
    ...[sums.proceeds, sums.cost, sums.gain, sums.proceedsOfUnknownCost].map(readable),
    [...other].map(([kind, amount]) => `${kind} ${readable(amount)}`).join(', '),
  ]);
  return [table(['year', 'sales', 'proceeds', 'cost', 'gain', 'sold at unknown cost', 'other'], rows)];
}

const CSV_COLUMNS = ['symbol', 'direction', 'acquired', 'disposed', 'amount', 'proceeds', 'cost', 'gain'];

function csvLine(disposal: StoredGains['disposals'][number]): string {
  const { symbol, direction, acquiredAt, disposedAt, amount, proceeds, cost } = disposal;
  return [
    symbol,
    direction,
    acquiredAt === null ? '' : new Date(acquiredAt).toISOString(),
    new Date(disposedAt).toISOString(),
    text(amount),
    text(proceeds),
    ...(cost === null ? ['', ''] : [text(cost), text(subtract(proceeds, cost))]),
  ].join(',');
}

/** Exact amounts as text. */
function documentOf({ years, disposals }: StoredGains): unknown {
  return {
    years: years.map(({ other, ...year }) => ({ ...year, other: Object.fromEntries(other) })),
    disposals,
  };
}
