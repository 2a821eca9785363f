import type { Command } from 'commander';
import type { StopOrigin } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import { type CommandContext, dataDirectoryOf } from '../context.ts';
import { dayOf } from '../dates.ts';

interface LockFlags {
  readonly until: string;
  readonly reason: string;
}

const FROM: StopOrigin = 'command-line';

/** A symbol that the trader keeps the running program from entering. */
export function registerLocks(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('lock <symbol>')
    .description('keep the running program from entering a symbol; exits and stops go on')
    .requiredOption('--until <time>', 'when that ends, in UTC, such as 2026-03-01 or 2026-03-01T14:30Z')
    .requiredOption('--reason <text>', 'why')
    .action(async (symbol: string, { until, reason }: LockFlags) => {
      await call('symbols.lock', { symbol, until: dayOf(until, '--until'), reason, from: FROM });
      terminal.print(`${symbol} is locked until ${until}: ${reason}. Exits and stops go on.`);
    });
  program
    .command('unlock <symbol>')
    .description('let the running program enter a symbol again')
    .action(async (symbol: string) => {
      await call('symbols.unlock', { symbol, from: FROM });
      terminal.print(`${symbol} is not locked any more.`);
    });

  async function call(method: string, body: unknown): Promise<void> {
    // Half of all there is to load, only where something is asked.
    const { askRunningHost } = await import('../../server/index.ts');
    const answer = await askRunningHost(dataDirectoryOf(context), 'POST', `/api/v1/call/${method}`, body);
    if (answer !== undefined) return;
    throw new TraderError('bad-input', 'the program is not running with an API: start it, then ask it again');
  }
}
