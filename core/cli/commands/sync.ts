import type { Command } from 'commander';
import { utcText } from '../../domain/index.ts';
import { storedMirror } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';

/** `tradebot sync`: how the server does that mirrors the trade history. */
export function registerSync(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('sync')
    .description('the server that mirrors the trade history')
    .command('status')
    .description('whether it is up, and what it has not been told yet')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--json', 'print one JSON document')
    .action(({ mode, json }: { mode?: string; json?: boolean }) => {
      const settings = settingsOf(context, { mode });
      const report = storedMirror(dataDirectoryOf(context), settings);
      const configured = settings.timescale.url !== null;
      if (json === true) return terminal.print(JSON.stringify({ configured, ...report }));
      const since = report.since === null ? '' : ` since ${utcText(report.since)}`;
      terminal.print(configured ? `${report.state}${since}` : 'off: timescale.url is not set');
      terminal.print(`not told yet: ${report.backlog} rows`);
      if (report.lastError !== null) terminal.print(`last error: ${report.lastError}`);
      for (const notice of report.notices) terminal.print(notice);
    });
}
