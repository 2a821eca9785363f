import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { registerAccount } from './commands/account.ts';
import { registerAlerts } from './commands/alerts.ts';
import { registerArm } from './commands/arm.ts';
import { registerBacktest } from './commands/backtest.ts';
import { registerData } from './commands/data.ts';
import { registerDatabase } from './commands/database.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerFeatures } from './commands/features.ts';
import { registerGains } from './commands/gains.ts';
import { registerHindsight } from './commands/hindsight.ts';
import { registerKeys } from './commands/keys.ts';
import { registerKill } from './commands/kill.ts';
import { registerLadder } from './commands/ladder.ts';
import { registerLimits } from './commands/limits.ts';
import { registerLocks } from './commands/locks.ts';
import { registerMcp } from './commands/mcp.ts';
import { registerModels } from './commands/models.ts';
import { registerOperation } from './commands/operation.ts';
import { registerPause } from './commands/pause.ts';
import { registerPerformance } from './commands/performance.ts';
import { registerRun } from './commands/run.ts';
import { registerSettings } from './commands/settings.ts';
import { registerStop } from './commands/stop.ts';
import { registerStrategy } from './commands/strategy.ts';
import { registerSync } from './commands/sync.ts';
import { registerTokens } from './commands/tokens.ts';
import { registerTrades } from './commands/trades.ts';
import { registerVenues } from './commands/venues.ts';
import type { CommandContext } from './context.ts';
import { describeFailure, EXIT } from './failure.ts';
import { createTerminal } from './terminal.ts';

/** Runs one `tradebot` command. Resolves to the exit code; never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = createTerminal(process.stdout, process.stderr);
  let exitCode: number = EXIT.done;
  const program = commandLine({
    terminal,
    environment: process.env,
    version: packageJson.version,
    exitWith: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    const failure = describeFailure(error, program.opts<{ debug?: boolean }>().debug === true);
    for (const line of failure.lines) terminal.note(line);
    return failure.exitCode;
  }
}

/** Every command, as it is told of and as it is run. */
export function commandLine(surroundings: Omit<CommandContext, 'globals'>): Command {
  const program = new Command('tradebot')
    .description('Trades, backtests and explains, from the command line.')
    .version(surroundings.version)
    .option('--data-dir <folder>', 'where databases, logs and the kill switch are kept')
    .option('--config <file>', 'settings file (JSON)')
    .option('--debug', 'show stack traces')
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });

  const context: CommandContext = { ...surroundings, globals: () => program.opts() };
  for (const register of [
    registerRun,
    registerBacktest,
    registerData,
    registerFeatures,
    registerModels,
    registerKeys,
    registerVenues,
    registerDoctor,
    registerSettings,
    registerOperation,
    registerTrades,
    registerGains,
    registerStrategy,
    registerPerformance,
    registerHindsight,
    registerLadder,
    registerKill,
    registerPause,
    registerStop,
    registerLimits,
    registerLocks,
    registerArm,
    registerAccount,
    registerDatabase,
    registerSync,
    registerTokens,
    registerAlerts,
    registerMcp,
  ]) {
    register(program, context);
  }
  return program;
}
