import { join } from 'node:path';
import { SettingsSchema, type StatusView } from '../../../core/contract/index.ts';
import { openTradebot } from '../../../core/engine/index.ts';
import { dieAt } from './death.ts';
import type { FromHost, SeenStatus, ToHost } from './messages.ts';
import { ToldTime } from './told-time.ts';

/**
 * The process under test: what `run --mode sandbox` opens, with a clock that its runner moves, and with a death of its
 * own at one of its durable writes.
 */

/** So often sockets and promises have their turn before it says that they had. */
const TURNS = 6;

let time: ToldTime | undefined;

function say(message: FromHost): void {
  // Without a runner there is nothing to do.
  if (process.connected) process.send?.(message);
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  say({ kind: 'turned' });
}

async function open(order: Extract<ToHost, { kind: 'open' }>): Promise<void> {
  const { directory, keys, death } = order;
  const settings = SettingsSchema.parse(order.settings);
  time = new ToldTime(order.now, order.skewMs);
  if (death !== null) dieAt(death, join(directory, `${settings.mode}.sqlite`));
  const names = new Map(Object.entries(keys));
  const tradebot = await openTradebot({
    settings,
    dataDirectory: directory,
    host: 'headless',
    version: '0.0.0',
    secrets: { read: (name) => names.get(name), sourceOf: () => 'environment' },
    timers: time,
    wallClock: time,
  });
  const finished = tradebot.start();
  tradebot.onStatus((status) => say({ kind: 'status', status: seen(status) }));
  say({ kind: 'started' });
  await finished;
}

const seen = ({ reconciliation, conditions }: StatusView): SeenStatus => ({
  reconciledAt: reconciliation.at,
  green: reconciliation.green,
  differences: reconciliation.differences,
  conditions: conditions.map(({ message }) => message),
});

function failed(error: unknown): void {
  say({ kind: 'failed', words: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

process.on('message', (message: ToHost) => {
  switch (message.kind) {
    case 'open':
      return void open(message).catch(failed);
    case 'time':
      time?.passTo(message.now, message.skewMs);
      return void turns();
    case 'turn':
      return void turns();
  }
});
// It does not outlive its runner.
process.on('disconnect', () => process.exit(0));
say({ kind: 'loaded' });
