import { type Command, Option } from 'commander';
import type { z } from 'zod';
import {
  counted,
  moneyDecimals,
  parseSymbol,
  symbolsOf,
  TagSchema,
  TRADE_CSV_HEAD,
  TRADE_SOURCES,
  TradeFilterSchema,
  TradeNotesChangeSchema,
  type TradeSource,
  tradeCsvLine,
} from '../../contract/index.ts';
import { quoteAmount, TraderError } from '../../domain/index.ts';
import {
  annotateStored,
  importTradeFile,
  importVenueTrades,
  MACHINE_CLOCK,
  SILENT_LOGGER,
  SYSTEM_TIMERS,
  storedTrades,
  tellStoredTrades,
  tradeImports,
  undoTradeImport,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, secretsOf, settingsOf } from '../context.ts';
import { dayOf, minuteText } from '../dates.ts';
import { symbolsOfFlag } from '../symbol-flag.ts';
import { table } from '../terminal.ts';
import { wholeNumber } from './run.ts';

const DAY_MS = 86_400_000;

interface ListFlags {
  readonly mode?: string;
  readonly limit: number;
  readonly tag?: string;
  readonly source?: TradeSource;
  readonly json?: boolean;
  readonly csv?: boolean;
}

interface ImportFlags {
  readonly mode?: string;
  readonly undo?: number;
  readonly venue?: boolean;
  readonly symbol?: readonly string[];
  readonly since?: string;
  readonly json?: boolean;
}

interface NoteFlags {
  readonly mode?: string;
  readonly tag?: readonly string[];
  readonly untag?: boolean;
  readonly json?: boolean;
}

/** `tradebot trades`: finished round trips, and what the trader writes to them. */
export function registerTrades(program: Command, context: CommandContext): void {
  const trades = program.command('trades').description('round trips, newest first, and notes on them');
  trades
    .command('list', { isDefault: true })
    .description('round trips, newest first')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--limit <count>', 'how many', wholeNumber, 20)
    .option('--tag <tag>', 'only those that have it')
    .addOption(
      new Option(
        '--source <source>',
        'those of this program (when absent), those that were imported, or all',
      ).choices([...TRADE_SOURCES]),
    )
    .option('--json', 'print one JSON document')
    .option('--csv', 'print every round trip as a table for other programs')
    .action((flags: ListFlags) => list(flags, context));
  trades
    .command('import [file]')
    .description(
      'show the trades of a venue’s CSV export, or what the venue itself tells, beside your own; positions, cash and equity stay as they are',
    )
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--venue', 'ask the venue of the settings with your keys, in place of a file; only reads there')
    .option(
      '--symbol <symbol...>',
      'with --venue: of what, such as BTC/USDT; those of the settings when absent',
    )
    .option(
      '--since <date>',
      'with --venue: from this day on (UTC); when absent, from the newest imported trade on, or all that it tells',
    )
    .option('--undo <import>', 'take an import back, by its number in `tradebot trades imports`', wholeNumber)
    .option('--json', 'print one JSON document')
    .action((file: string | undefined, flags: ImportFlags) => bringIn(file, flags, context));
  trades
    .command('imports')
    .description('what was imported')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--json', 'print one JSON document')
    .action(({ mode, json }: ImportFlags) => {
      const imports = tradeImports(dataDirectoryOf(context), settingsOf(context, { mode }));
      const rows = imports.map(({ id, source, importedAt, fills }) => [
        ...[String(id), source, minuteText(importedAt), String(fills)],
      ]);
      const text =
        json === true ? JSON.stringify(imports) : table(['import', 'from', 'when', 'trades'], rows);
      context.terminal.print(text);
    });
  trades
    .command('note <trade> [text...]')
    .description(
      'write a note and tags to a round trip, by its id in `tradebot trades --json`; no text: show them',
    )
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--tag <tag...>', 'its tags from now on')
    .option('--untag', 'take its tags away')
    .option('--json', 'print one JSON document')
    .action((trade: string, words: readonly string[], flags: NoteFlags) =>
      note(trade, words.join(' '), flags, context),
    );
}

function list({ mode, limit, tag, source, json, csv }: ListFlags, context: CommandContext): void {
  const { terminal } = context;
  const directory = dataDirectoryOf(context);
  const settings = settingsOf(context, { mode });
  const filter = {
    ...(tag === undefined ? {} : { tag: parsed(TagSchema, tag) }),
    ...(source === undefined ? {} : { source }),
  };
  if (csv === true) {
    terminal.print(TRADE_CSV_HEAD);
    tellStoredTrades(directory, settings, filter, (trade) => terminal.print(tradeCsvLine(trade)));
    return;
  }
  const trades = storedTrades(directory, settings, { ...TradeFilterSchema.parse({}), ...filter, limit });
  if (json === true) {
    terminal.print(JSON.stringify(trades));
    return;
  }
  const rows = trades.map((trade) => [
    trade.symbol,
    trade.direction,
    minuteText(trade.openedAt),
    minuteText(trade.closedAt),
    trade.quantity,
    trade.entryPrice,
    trade.exitPrice,
    quoteAmount(trade.netPnl).toFixed(moneyDecimals(parseSymbol(trade.symbol)?.quote ?? '')),
    `${trade.returnPct.toFixed(2)} %`,
    trade.tags.join(', '),
  ]);
  const head = ['symbol', 'side', 'opened', 'closed', 'quantity', 'entry', 'exit', 'net', 'return', 'tags'];
  terminal.print(table(head, rows));
}

async function bringIn(file: string | undefined, flags: ImportFlags, context: CommandContext): Promise<void> {
  const { mode, undo, json, venue = false, symbol, since } = flags;
  const directory = dataDirectoryOf(context);
  const settings = settingsOf(context, { mode });
  const print = (document: unknown, words: string): void =>
    context.terminal.print(json === true ? JSON.stringify(document) : words);
  if ([file !== undefined, undo !== undefined, venue].filter(Boolean).length !== 1)
    throw new TraderError('bad-input', 'name one CSV file, or --venue, or the import to --undo');
  if (!venue && (symbol !== undefined || since !== undefined))
    throw new TraderError('bad-input', '--symbol and --since go with --venue');
  if (undo !== undefined) {
    const removed = undoTradeImport(directory, settings, undo);
    print({ removed }, `Taken back: ${counted(removed, 'trade')}.`);
  } else if (file !== undefined) {
    const outcome = importTradeFile(directory, settings, file, Date.now());
    print(outcome, importedWords(outcome));
  } else {
    const outcome = await importVenueTrades({
      ...{ directory, settings, clock: MACHINE_CLOCK, timers: SYSTEM_TIMERS, log: SILENT_LOGGER },
      symbols: symbolsOfFlag(symbol ?? symbolsOf(settings)),
      since: since === undefined ? null : dayOf(since, '--since'),
      secrets: await secretsOf(context, settings.exchange.id),
      onProgress: (line) => context.terminal.note(line),
    });
    const { reachMs } = outcome;
    const reach =
      reachMs === null
        ? ''
        : ` ${settings.exchange.id} is asked no further back than ${Math.round(reachMs / DAY_MS)} days: older trades come by its CSV export.`;
    print(outcome, `${importedWords(outcome)}${reach}`);
  }
}

function importedWords({ id, added, known, trades }: ReturnType<typeof importTradeFile>): string {
  const what = id === null ? 'Nothing new' : `Import ${id}: ${counted(added, 'trade')}`;
  return `${what}; ${known} ${known === 1 ? 'was' : 'were'} known. ${counted(trades, 'imported round trip')}: \`tradebot trades --source imported\`.`;
}

function note(
  id: string,
  text: string,
  { mode, tag, untag, json }: NoteFlags,
  context: CommandContext,
): void {
  if (untag === true && tag !== undefined)
    throw new TraderError('bad-input', 'give --tag or --untag, not both');
  const tags = untag === true ? [] : tag;
  const change = parsed(TradeNotesChangeSchema, {
    id,
    ...(text === '' ? {} : { note: text }),
    ...(tags === undefined ? {} : { tags }),
  });
  const settings = settingsOf(context, { mode });
  const now = Date.now();
  const notes = annotateStored(dataDirectoryOf(context), settings, change, now);
  const tagged = notes.tags.length === 0 ? '–' : notes.tags.join(', ');
  const lines = [`note: ${notes.note === '' ? '–' : notes.note}`, `tags: ${tagged}`];
  context.terminal.print(json === true ? JSON.stringify(notes) : lines.join('\n'));
}

/** @throws TraderError with the first thing that is wrong. */
function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new TraderError('bad-input', result.error.issues[0]?.message ?? 'that is not understood');
}
