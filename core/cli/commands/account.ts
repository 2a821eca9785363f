import type { Command } from 'commander';
import { DecimalTextSchema, type Settings } from '../../contract/index.ts';
import {
  type AccountEvent,
  negate,
  type QuoteAmount,
  quoteAmount,
  TraderError,
  text,
} from '../../domain/index.ts';
import { storedAccountEvents, transferOffline } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { minuteText } from '../dates.ts';
import { table } from '../terminal.ts';

interface Flags {
  readonly mode?: string;
  readonly json?: boolean;
}

/** `tradebot account`: what moved money besides trades, and the way to pay in and out where the venue is simulated. */
export function registerAccount(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const account = program
    .command('account')
    .description('what the account was opened with, paid in and paid out');
  account
    .command('show', { isDefault: true })
    .description('opening, deposits, withdrawals, funding and late fees, oldest first')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--json', 'print one JSON document')
    .action(({ mode, json }: Flags) => {
      const events = storedAccountEvents(dataDirectoryOf(context), settingsWith(mode));
      if (json === true) terminal.print(JSON.stringify(events));
      else terminal.print(table(['time', 'kind', 'amount', 'asset', 'note'], events.map(rowOf)));
    });
  transferCommand(
    'deposit',
    'pay money into a simulated account, or trade with more of the one at a venue',
    (amount) => amount,
  );
  transferCommand(
    'withdraw',
    'take money out of a simulated account, or trade with less of the one at a venue',
    negate,
  );

  function transferCommand(
    name: string,
    description: string,
    signed: (amount: QuoteAmount) => QuoteAmount,
  ): void {
    account
      .command(`${name} <amount>`)
      .description(description)
      .option('--mode <mode>', 'demo, replay, sandbox or live')
      .option('--json', 'print one JSON document')
      .action(async (given: string, { mode, json }: Flags) => {
        const amount = signed(amountOf(given));
        const event = await transferOffline(dataDirectoryOf(context), settingsWith(mode), amount);
        if (json === true) terminal.print(JSON.stringify(event));
        else terminal.print(`Booked: ${text(event.amount)} ${event.asset}, ${event.note}.`);
      });
  }

  function settingsWith(mode: string | undefined): Settings {
    return settingsOf(context, { mode });
  }
}

function amountOf(given: string): QuoteAmount {
  const parsed = DecimalTextSchema.safeParse(given);
  if (!parsed.success || !quoteAmount(parsed.data).gt(0)) {
    throw new TraderError('bad-input', `${given}: must be an amount above 0, such as 2500`);
  }
  return quoteAmount(parsed.data);
}

function rowOf({ time, kind, amount, asset, note }: AccountEvent): string[] {
  return [minuteText(time), kind, text(amount), asset, note];
}
