import type { Command } from 'commander';
import { counted, type Settings } from '../../contract/index.ts';
import {
  backUpBooks,
  checkBooks,
  growthOfBooks,
  rebuildTrades,
  restoreBooks,
  SYSTEM_CLOCK,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { EXIT } from '../failure.ts';

interface Flags {
  readonly mode?: string;
  readonly json?: boolean;
}

/** `tradebot db`: the books' backups, and what is made from them. */
export function registerDatabase(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const db = program.command('db').description('backups and checks of the database of a mode');
  command('backup <file>', 'copy the books to a file, also while the program trades', (flags, file) => {
    const report = backUpBooks(dataDirectoryOf(context), settingsWith(flags), file);
    tell(flags, report, `${report.database} is kept in ${report.file}`);
  });
  command(
    'restore <file>',
    'put a backup in the place of the books; the program must not run',
    (flags, file) => {
      const settings = settingsWith(flags);
      const report = restoreBooks(dataDirectoryOf(context), settings, file, SYSTEM_CLOCK);
      tell(flags, report, `${report.database} is what ${file} says; what was there before is ${report.file}`);
      if (settings.mode !== 'live' && settings.mode !== 'sandbox') return;
      terminal.note(
        'What was traded since is at the venue alone: the next start compares, and only closes until both agree.',
      );
    },
  );
  command('rebuild', 'make the trade history anew from the ledger; the program must not run', (flags) => {
    const trades = rebuildTrades(dataDirectoryOf(context), settingsWith(flags));
    tell(flags, { trades }, `trade_history was made anew from the ledger: ${counted(trades, 'round trip')}`);
  });
  command('check', 'read all of the books and say whether they are whole', (flags) => {
    const health = checkBooks(dataDirectoryOf(context), settingsWith(flags));
    const { database, damage, orders, fills, trades } = health;
    const counts = `${counted(orders, 'order')}, ${counted(fills, 'fill')}, ${counted(trades, 'round trip')}`;
    tell(
      flags,
      health,
      damage === null ? `${database} is whole: ${counts}` : `${database} is damaged: ${damage}`,
    );
    if (damage === null) return;
    terminal.note('To go on, stop the program and run `tradebot db restore FILE` with a backup.');
    context.exitWith(EXIT.failed);
  });

  command('growth', 'what the data directory holds, and by how much that grows a day', (flags) => {
    const growth = growthOfBooks(dataDirectoryOf(context), settingsWith(flags), SYSTEM_CLOCK);
    if (flags.json === true) return terminal.print(JSON.stringify(growth));
    const { bytes, bytesPerDay, files } = growth;
    const a = (day: number): string => `${day < 0 ? '' : '+'}${megabytes(day)} a day`;
    for (const file of files) {
      const growing = file.bytesPerDay === null ? '' : `  (${a(file.bytesPerDay)})`;
      terminal.print(`${megabytes(file.bytes).padStart(12)}  ${file.name}${growing}`);
    }
    const pace = bytesPerDay === null ? 'not known before an hour has passed' : a(bytesPerDay);
    terminal.print(`${megabytes(bytes).padStart(12)}  in all; growth: ${pace}`);
  });

  function command(usage: string, description: string, run: (flags: Flags, file: string) => void): void {
    const made = db
      .command(usage)
      .description(description)
      .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
      .option('--json', 'print one JSON document');
    if (usage.includes('<')) made.action((file: string, flags: Flags) => run(flags, file));
    else made.action((flags: Flags) => run(flags, ''));
  }

  function settingsWith({ mode }: Flags): Settings {
    return settingsOf(context, { mode });
  }

  function tell({ json }: Flags, document: object, line: string): void {
    terminal.print(json === true ? JSON.stringify(document) : line);
  }
}

const MEGABYTE = 1_000_000;

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
