import type { Command } from 'commander';
import { utcText } from '../../domain/index.ts';
import { SYSTEM_CLOCK, storedMirror } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';

/** `tradebot sync`: how the server does that mirrors the books. */
export function registerSync(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('sync')
    .description('the server that mirrors the books')
    .command('status')
    .description('whether it is up, and what it has not been told yet')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--json', 'print one JSON document')
    .action(({ mode, json }: { mode?: string; json?: boolean }) => {
      const settings = settingsOf(context, { mode });
      const report = storedMirror(dataDirectoryOf(context), settings, SYSTEM_CLOCK.now());
      const configured = settings.timescale.url !== null;
      if (json === true) return terminal.print(JSON.stringify({ configured, ...report }));
      const since = report.since === null ? '' : ` since ${utcText(report.since)}`;
      terminal.print(configured ? `${report.state}${since}` : 'off: timescale.url is not set');
      const lag = report.backlog === 0 ? '' : `, ${lagWords(report.lagMs)}`;
      terminal.print(`not told yet: ${report.backlog} rows${lag}`);
      if (report.rowsPerSecond !== null) terminal.print(`last speed: ${report.rowsPerSecond} rows a second`);
      if (report.lastError !== null) terminal.print(`last error: ${report.lastError}`);
      for (const notice of report.notices) terminal.print(notice);
    });
}

const MINUTE_MS = 60_000;

function lagWords(lagMs: number | null): string {
  if (lagMs === null) return 'never all of it';
  return lagMs < MINUTE_MS ? 'less than a minute behind' : `${Math.floor(lagMs / MINUTE_MS)} minutes behind`;
}
