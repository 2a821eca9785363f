import type { Command } from 'commander';
import { LADDER_NOTE, type LadderView, nextRungLines, RUNG_WORDS } from '../../contract/index.ts';
import {
  climb,
  SILENT_LOGGER,
  type StandingParts,
  StrategyFolder,
  SYSTEM_CLOCK,
  standingOf,
  stepBack,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { minuteText } from '../dates.ts';
import { table } from '../terminal.ts';

/** `tradebot ladder`: how far a strategy was taken towards real money, and what each step asks. */
export function registerLadder(program: Command, context: CommandContext): void {
  const ladder = program
    .command('ladder')
    .description('how far a strategy was taken: backtests, paper, a little real money, real money');
  const command = (
    name: string,
    description: string,
    run: (parts: StandingParts, strategy: string) => LadderView,
    isDefault = false,
  ): void => {
    ladder
      .command(`${name} [strategy]`, { isDefault })
      .description(description)
      .option('--json', 'print one JSON document')
      .action((given: string | undefined, flags: { readonly json?: boolean }) => {
        const settings = settingsOf(context, { strategy: { id: given } });
        const directory = dataDirectoryOf(context);
        const strategies = new StrategyFolder(directory);
        const view = run({ directory, settings, strategies, log: SILENT_LOGGER }, settings.strategy.id);
        const { terminal } = context;
        if (flags.json === true) terminal.print(JSON.stringify(view));
        else for (const line of describe(view)) terminal.print(line);
      });
  };
  command('show', 'where it stands, what each step asks, and what is missing', standingOf, true);
  command('climb', 'take it one step up; refused with what is missing', (parts, id) =>
    climb(parts, id, SYSTEM_CLOCK),
  );
  command('back', 'take it back to backtests', (parts, id) => stepBack(parts, id, SYSTEM_CLOCK));
}

function describe(view: LadderView): readonly string[] {
  const { strategy, version, rung, since, steps } = view;
  const name = version === null ? strategy : `${strategy} (${version})`;
  const when = since === null ? '' : ` since ${minuteText(since)}`;
  const rows = steps.map((step) => [
    RUNG_WORDS[step.rung],
    step.asks,
    step.has,
    step.met ? 'shown' : 'missing',
  ]);
  return [
    `${name} stands at ${RUNG_WORDS[rung]}${when}`,
    table(['step', 'asks', 'has', ''], rows),
    ...nextRungLines(view),
    LADDER_NOTE,
  ];
}
