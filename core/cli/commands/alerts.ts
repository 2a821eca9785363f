import { Argument, type Command } from 'commander';
import { z } from 'zod';
import {
  ALERT_CHANNEL_WORDS,
  ALERT_CHANNELS,
  ALERT_TEST_PATIENCE_MS,
  type AlertChannelName,
  type AlertsView,
  AlertsViewSchema,
  type AlertTest,
  AlertTestSchema,
} from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import {
  MACHINE_CLOCK,
  SYSTEM_TIMERS,
  storedAlerts,
  storedDeliveries,
  tryChannel,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, secretsOf, settingsOf } from '../context.ts';
import { minuteText } from '../dates.ts';
import { EXIT } from '../failure.ts';
import { table } from '../terminal.ts';
import { wholeNumber } from './run.ts';

interface ListFlags {
  readonly mode?: string;
  readonly limit: number;
  readonly open?: boolean;
  readonly json?: boolean;
}

/** `tradebot alerts`: what the trader was told of, how it gets out, and whether it would. */
export function registerAlerts(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const alerts = program
    .command('alerts')
    .description('what the program tells, and the channels by which it does');
  alerts
    .command('list')
    .description('what was told, newest first')
    .option('--open', 'only what is critical and not acknowledged')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--limit <count>', 'how many', wholeNumber, 20)
    .option('--json', 'print one JSON document')
    .action((flags: ListFlags) => list(flags, context));
  alerts
    .command('ack')
    .description(
      'say that you have seen what is critical, so that the running program does not tell it again',
    )
    .argument('[id]', 'one of them, as `alerts list --json` shows it; all when left out')
    .action(async (id: string | undefined) => {
      const params = { from: 'command-line', ...(id === undefined ? {} : { id }) };
      await required(call('alerts.acknowledge', params, context), context);
      terminal.print(id === undefined ? 'Everything is acknowledged.' : `${id} is acknowledged.`);
    });
  alerts
    .command('channels')
    .description('the channels of the running program, and how they do')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { channels } = viewOf(await required(call('alerts.get', {}, context), context));
      if (json === true) return terminal.print(JSON.stringify(channels));
      const rows = channels.map(({ channel, state, waiting, lastSentAt, message }) => [
        ...[channel, state, String(waiting), lastSentAt === null ? '–' : minuteText(lastSentAt), message],
      ]);
      terminal.print(table(['channel', 'state', 'waiting', 'last sent', ''], rows));
    });
  alerts
    .command('deliveries')
    .description('what became of each message, newest first')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--limit <count>', 'how many', wholeNumber, 20)
    .option('--json', 'print one JSON document')
    .action(({ mode, limit, json }: ListFlags) => {
      const rows = storedDeliveries(dataDirectoryOf(context), settingsOf(context, { mode }), limit);
      if (json === true) return terminal.print(JSON.stringify(rows));
      if (rows.length === 0) return terminal.print('nothing was sent yet');
      const cells = rows.map(({ time, channel, state, attempts, title, problem }) => [
        ...[minuteText(time), channel, state, String(attempts), title, problem ?? ''],
      ]);
      terminal.print(table(['time', 'channel', 'state', 'attempts', 'message', 'problem'], cells));
    });
  alerts
    .command('test')
    .description('send a test message, now and once')
    .addArgument(new Argument('<channel>', 'or all that are turned on').choices([...ALERT_CHANNELS, 'all']))
    .option('--json', 'print one JSON document')
    .action((channel: AlertChannelName | 'all', { json }: { readonly json?: boolean }) =>
      test(channel, json === true, context),
    );
}

async function list({ mode, limit, open, json }: ListFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const settings = settingsOf(context, { mode });
  const stored = storedAlerts(
    dataDirectoryOf(context),
    settings,
    open === true ? 10_000 : limit,
  ).toReversed();
  const isOpen = ({ severity, acknowledged }: (typeof stored)[number]): boolean =>
    severity === 'critical' && acknowledged === null;
  const shown = stored.filter((alert) => open !== true || isOpen(alert)).slice(0, limit);
  if (json === true) return terminal.print(JSON.stringify(shown));
  if (shown.length === 0)
    return terminal.print(open === true ? 'nothing waits for you' : 'nothing was told yet');
  const rows = shown.map((alert) => [
    ...[minuteText(alert.time), alert.severity, alert.rule, `${alert.title}: ${alert.message}`],
    isOpen(alert) ? 'not acknowledged' : (alert.acknowledged?.by ?? ''),
  ]);
  terminal.print(table(['time', 'severity', 'rule', 'what', 'seen'], rows));
}

async function test(asked: AlertChannelName | 'all', json: boolean, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const { alerts } = settingsOf(context);
  const channels = asked === 'all' ? ALERT_CHANNELS.filter((name) => alerts[name].enabled) : [asked];
  if (channels.length === 0)
    throw new TraderError('bad-input', 'no channel is turned on: set alerts.slack.enabled or another');
  const results: AlertTest[] = [];
  for (const channel of channels) {
    const answer = await call('alerts.test', { channel }, context, ALERT_TEST_PATIENCE_MS);
    results.push(
      answer === undefined
        ? await tryChannel(channel, {
            settings: alerts,
            secrets: await secretsOf(context),
            ...{ clock: MACHINE_CLOCK, timers: SYSTEM_TIMERS },
          })
        : z.object({ result: AlertTestSchema }).parse(answer).result,
    );
  }
  if (json) terminal.print(JSON.stringify(results));
  for (const { channel, sent, message } of json ? [] : results)
    terminal.print(`${ALERT_CHANNEL_WORDS[channel]}: ${sent ? 'sent' : 'not sent'}, ${message}`);
  if (results.some(({ sent }) => !sent)) context.exitWith(EXIT.failed);
}

/** What the running program answers; undefined where none runs. */
async function call(
  method: string,
  params: object,
  context: CommandContext,
  patienceMs?: number,
): Promise<unknown> {
  // Half of all there is to load, only where something is asked.
  const { askRunningHost } = await import('../../server/index.ts');
  return askRunningHost(dataDirectoryOf(context), 'POST', `/api/v1/call/${method}`, params, patienceMs);
}

async function required(answer: Promise<unknown>, context: CommandContext): Promise<unknown> {
  const given = await answer;
  if (given !== undefined) return given;
  throw new TraderError('bad-input', `no program with an API runs on ${dataDirectoryOf(context)}`);
}

function viewOf(answer: unknown): AlertsView {
  return z.object({ result: AlertsViewSchema }).parse(answer).result;
}
