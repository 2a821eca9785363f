import type { Command } from 'commander';
import { TraderError } from '../../domain/index.ts';
import { type CommandContext, dataDirectoryOf } from '../context.ts';

/** Entries of the running program stopped, and let go on. */
export function registerPause(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('pause')
    .description('keep the running program from entering anything, over restarts; exits and stops go on')
    .option('--reason <text>', 'why')
    .action(async ({ reason }: { readonly reason?: string }) => {
      await call('trading.pause', { from: 'command-line', ...(reason === undefined ? {} : { reason }) });
      terminal.print(
        'Trading is paused: nothing is entered, exits and stops go on. It ends with: tradebot unpause',
      );
    });
  program
    .command('unpause')
    .description('let the running program enter positions again')
    .action(async () => {
      await call('trading.resume', { from: 'command-line' });
      terminal.print('Trading is not paused any more.');
    });

  async function call(method: string, body: unknown): Promise<void> {
    // Half of all there is to load, only where something is asked.
    const { askRunningHost } = await import('../../server/index.ts');
    const directory = dataDirectoryOf(context);
    const answer = await askRunningHost(directory, 'POST', `/api/v1/call/${method}`, body);
    if (answer !== undefined) return;
    throw new TraderError('bad-input', `no program with an API runs on ${directory}: nothing was changed`);
  }
}
