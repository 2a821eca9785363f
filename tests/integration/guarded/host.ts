import { fileURLToPath } from 'node:url';
import { type AlertView, SettingsSchema } from '../../../core/contract/index.ts';
import { forkGuardian, openTradebot, type Tradebot } from '../../../core/engine/index.ts';

/** The program with a guardian whose clock runs fast; in all else as `run --mode sandbox` opens it. */

export interface OpenOrder {
  readonly kind: 'open';
  readonly directory: string;
  readonly runtimeFolder: string;
  readonly settings: unknown;
  /** By the names of secrets. */
  readonly keys: Readonly<Record<string, string>>;
}
export type ToHost = OpenOrder | { readonly kind: 'look' } | { readonly kind: 'stop' };
export interface Look {
  readonly kind: 'look';
  readonly trading: string;
  readonly stage: string;
  readonly guardian: unknown;
  readonly guardianPid: number | undefined;
  readonly alerts: readonly string[];
}
export type FromHost =
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly words: string }
  | Look;

const FAST_GUARDIAN = fileURLToPath(new URL('./fast-guardian.ts', import.meta.url));

let tradebot: Tradebot | undefined;
let guardianPid: number | undefined;
const alerts: string[] = [];

const say = (message: FromHost): void => void process.send?.(message);

async function open({ directory, runtimeFolder, settings, keys }: OpenOrder): Promise<void> {
  const names = new Map(Object.entries(keys));
  tradebot = await openTradebot({
    settings: SettingsSchema.parse(settings),
    dataDirectory: directory,
    runtimeFolder,
    host: 'headless',
    version: '0.0.0',
    secrets: { read: (name) => names.get(name), sourceOf: () => 'memory' },
    spawnGuardian: () => {
      const guardian = forkGuardian(process.env, FAST_GUARDIAN);
      guardianPid = guardian.pid;
      return guardian;
    },
  });
  tradebot.service.subscribe('alerts', ({ content }) => {
    // A snapshot, or what is new.
    for (const { severity, title } of content as readonly AlertView[]) alerts.push(`${severity}: ${title}`);
  });
  tradebot.start().catch(failed);
  say({ kind: 'started' });
}

async function look(): Promise<void> {
  if (tradebot === undefined) return;
  const { trading, killSwitch } = await tradebot.service.call('status.get', {});
  const { guardian } = await tradebot.service.call('safety.get', {});
  say({ kind: 'look', trading, stage: killSwitch.stage, guardian, guardianPid, alerts });
}

function failed(error: unknown): void {
  say({ kind: 'failed', words: String(error) });
}

process.on('message', (message: ToHost) => {
  if (message.kind === 'open') void open(message).catch(failed);
  if (message.kind === 'look') void look().catch(failed);
  if (message.kind === 'stop') void tradebot?.stop().then(() => process.exit(0), failed);
});
