import type { Command } from 'commander';
import {
  HINDSIGHT_WORDS,
  type HindsightView,
  HindsightViewSchema,
  hindsightInterval,
  hindsightPct,
  hindsightRows,
} from '../../contract/index.ts';
import { storedHindsight } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { table } from '../terminal.ts';

interface Flags {
  readonly mode?: string;
  readonly strategy?: string;
  readonly json?: boolean;
}

/** `tradebot hindsight`: what came of what was refused, shrunk or opposed. */
export function registerHindsight(program: Command, context: CommandContext): void {
  program
    .command('hindsight')
    .description('what came of entries that were made, and of those that a gate refused or a voter opposed')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live; the settings say which when left out')
    .option('--strategy <name>', 'whose entries; the one of the settings when left out')
    .option('--json', 'print one JSON document')
    .action(({ mode, strategy, json }: Flags) => {
      const { terminal } = context;
      const settings = settingsOf(context, { mode, strategy: { id: strategy } });
      const view = storedHindsight(dataDirectoryOf(context), settings, settings.strategy.id);
      if (json === true) return terminal.print(JSON.stringify(view));
      if (view === null) return terminal.print('no account was opened here yet');
      for (const line of hindsightLines(HindsightViewSchema.parse(view))) terminal.print(line);
    });
}

function hindsightLines(view: HindsightView): readonly string[] {
  const waiting = `${view.pending} wait for their time to pass`;
  if (view.since === null) return [`${view.strategy}: no entry was wanted yet`];
  const rows = hindsightRows(view).map(({ name, mean, note }) => [
    name,
    String(mean.count),
    hindsightPct(mean.meanPct),
    hindsightInterval(mean),
    hindsightPct(mean.sumPct),
    note,
  ]);
  return [
    table([view.strategy, 'entries', 'came to', '95 % of the mean', 'of equity', ''], rows),
    waiting,
    HINDSIGHT_WORDS,
  ];
}
