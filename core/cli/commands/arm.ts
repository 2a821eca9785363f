import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { MethodResult } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import { type CommandContext, dataDirectoryOf } from '../context.ts';
import { EXIT } from '../failure.ts';

interface Flags {
  readonly confirm?: string;
  readonly keyCannotWithdraw?: boolean;
}

type Description = MethodResult<'live.describeArming'>;

/** `tradebot arm`: the trader's own hand, without which live mode enters nothing. */
export function registerArm(program: Command, context: CommandContext): void {
  program
    .command('arm')
    .description(
      'allow the running program in live mode to trade with real money, after saying what that does',
    )
    .option('--confirm <venue>', "the venue's name, instead of typing it when asked")
    .option('--key-cannot-withdraw', 'you have seen at the venue that the key cannot withdraw')
    .action(async (flags: Flags) => arm(flags, context));
}

async function arm({ confirm, keyCannotWithdraw = false }: Flags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const { askRunningHost } = await import('../../server/index.ts');
  const directory = dataDirectoryOf(context);
  const call = async (method: string, body: unknown): Promise<unknown> =>
    askRunningHost(directory, 'POST', `/api/v1/call/${method}`, body);
  const answer = await call('live.describeArming', {});
  if (answer === undefined) {
    throw new TraderError(
      'bad-input',
      'the program is not running with an API: start it with `tradebot run --mode live`, then arm it here',
    );
  }
  const { result: description } = answer as { readonly result: Description };
  tell(description, context);
  if (description.obstacles.length > 0) return context.exitWith(EXIT.failed);
  const { venue, confirmNoWithdrawals } = description;
  if (confirmNoWithdrawals && !keyCannotWithdraw) {
    throw new TraderError(
      'bad-input',
      `${venue} does not tell whether the key may withdraw: look there, then add --key-cannot-withdraw`,
    );
  }
  const typed = confirm ?? (await ask(`Type ${venue} to arm it: `));
  if (typed === undefined) {
    throw new TraderError('bad-input', `to arm it, run: tradebot arm --confirm ${venue}`);
  }
  await call('live.arm', { venue: typed, noWithdrawals: keyCannotWithdraw });
  terminal.print('Live trading is armed.');
}

function tell({ statement, warnings, obstacles }: Description, { terminal }: CommandContext): void {
  terminal.print(statement);
  for (const warning of warnings) terminal.print(`warning: ${warning}`);
  for (const obstacle of obstacles) terminal.print(`not now: ${obstacle}`);
}

/** What is typed; undefined where nobody sits at a terminal. */
async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}
