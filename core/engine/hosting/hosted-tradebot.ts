import {
  CallError,
  type KillSwitchView,
  type MethodParsedParams,
  type Mode,
  type Settings,
  type Severity,
  type StartupView,
  type StatusView,
} from '../../contract/index.ts';
import {
  type Clock,
  type Disposer,
  type LogFields,
  type Logger,
  type Timers,
  TraderError,
} from '../../domain/index.ts';
import { KillSwitch } from '../../safety/index.ts';
import { presserOf } from '../emergency/presser.ts';
import type { Tradebot } from '../running-tradebot.ts';
import type { ContractService } from '../service/client-session.ts';
import { TopicHub } from '../service/topic-hub.ts';
import type { KeyRing } from './key-ring.ts';
import { ServiceRelay } from './service-relay.ts';
import { VenueDesk } from './venue-desk.ts';

/** A choice of settings that has been written down. */
export interface WrittenChoice {
  readonly settings: Settings;
  /** Writes what was there before. */
  readonly undo: () => void;
}

export interface HostedTradebotOptions {
  /** Opens an engine; the lines that it is told go on to the trader. */
  readonly open: (
    settings: Settings,
    onProgress: (line: string) => void,
    signal: AbortSignal,
  ) => Promise<Tradebot>;
  /** Writes a choice into the settings. @throws TraderError before anything has changed. */
  readonly write: (choice: MethodParsedParams<'venues.start'>) => WrittenChoice;
  /** Why the books of a mode could not be gone on with at a venue, with what to do; null: they could. */
  readonly booksFault: (place: Pick<Settings, 'mode' | 'exchange'>) => string | null;
  readonly keys: KeyRing;
  readonly directory: string;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** What a host serves: one engine after another, as the trader chooses. */
export interface ServedTradebot extends Tradebot {
  readonly service: ContractService;
}

export interface FirstOpening {
  readonly settings: Settings;
  /** What is opened where the first cannot be, so that the trader can choose again; null: nothing. */
  readonly instead: Settings | null;
  readonly onProgress: (line: string) => void;
  /** Gives up opening. */
  readonly signal: AbortSignal;
}

interface Running {
  readonly tradebot: Tradebot;
  readonly settings: Settings;
}

/**
 * A tradebot that can be started anew with other settings while its host, its windows and its streams go on. Of two
 * engines the first has ended before the second is opened: both hold the data directory.
 */
export class HostedTradebot implements ServedTradebot {
  readonly service: ContractService;
  readonly log: Logger;
  readonly #options: HostedTradebotOptions;
  readonly #relay: ServiceRelay;
  readonly #hub = new TopicHub();
  readonly #stop = new AbortController();
  readonly #listeners = new Map<(status: StatusView) => void, Disposer | undefined>();
  readonly #ended = Promise.withResolvers<void>();
  #lastLog: Logger;
  /** Undefined between two engines. */
  #running: Running | undefined;
  #startup: StartupView;
  #isStarted = false;
  #change: Promise<void> | undefined;
  /** Gives up what is being started, as long as that can be. */
  #begun: AbortController | undefined;
  /** Why entries wait, whichever engine runs; null: they do not. */
  #held: string | null = null;
  /** The emergency stop was pressed between two engines, and its latch could not be written. */
  #unlatched: MethodParsedParams<'killSwitch.activate'> | undefined;

  private constructor(options: HostedTradebotOptions, first: Running) {
    this.#options = options;
    this.log = relayed(() => this.#lastLog);
    this.#lastLog = first.tradebot.log;
    this.#startup = { run: 1, state: 'running', mode: first.settings.mode, message: '', failed: false };
    const { keys, clock, timers, booksFault } = options;
    this.#relay = new ServiceRelay({
      host: new VenueDesk({
        ...{ keys, clock, timers, booksFault, log: this.log },
        start: (request) => this.#choose(request),
        giveUp: () => this.#giveUp(),
      }),
      hub: this.#hub,
      between: {
        waitingFor: () => `the program is starting ${MODE_PHRASES[this.#startup.mode]}`,
        emergencyStop: (press) => this.#latch(press),
      },
      log: this.log,
    });
    this.service = this.#relay;
    // Whoever only stops does not wait for the end.
    this.#ended.promise.catch(() => undefined);
    this.#show(this.#startup);
    this.#attach(first);
  }

  /** @throws what opening throws. */
  static async open(
    { settings, instead, onProgress, signal }: FirstOpening,
    options: HostedTradebotOptions,
  ): Promise<HostedTradebot> {
    try {
      const tradebot = await options.open(settings, onProgress, signal);
      return new HostedTradebot(options, { tradebot, settings });
    } catch (error) {
      if (instead === null || signal.aborted || !(error instanceof TraderError)) throw error;
      const tradebot = await options.open(instead, onProgress, signal);
      const hosted = new HostedTradebot(options, { tradebot, settings: instead });
      hosted.#tellFailure(tradebot, error.lines.join('; '), instead.mode);
      return hosted;
    }
  }

  start(): Promise<void> {
    this.#isStarted = true;
    if (this.#running !== undefined && !this.#stop.signal.aborted) this.#watch(this.#running.tradebot);
    return this.#ended.promise;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#change;
    await this.#running?.tradebot.stop();
    this.#ended.resolve();
  }

  async goodbye(): Promise<void> {
    await this.#running?.tradebot.goodbye();
  }

  async reconcile(reason: string): Promise<void> {
    await this.#running?.tradebot.reconcile(reason);
  }

  holdEntries(reason: string | null): void {
    this.#held = reason;
    this.#running?.tradebot.holdEntries(reason);
  }

  /** An engine that is only being opened compares its books before it enters anything. */
  distrustBooks(): void {
    this.#running?.tradebot.distrustBooks();
  }

  alert(severity: Severity, title: string, message: string): void {
    this.#running?.tradebot.alert(severity, title, message);
  }

  async metrics(): Promise<string> {
    return (await this.#running?.tradebot.metrics()) ?? '';
  }

  onStatus(listener: (status: StatusView) => void): Disposer {
    this.#listeners.set(listener, this.#running?.tradebot.onStatus(listener));
    return () => {
      this.#listeners.get(listener)?.();
      this.#listeners.delete(listener);
    };
  }

  async #choose(request: MethodParsedParams<'venues.start'>): Promise<StartupView> {
    const running = this.#running;
    if (running === undefined || this.#change !== undefined || this.#stop.signal.aborted)
      throw new CallError('CONFLICT', 'the program is starting or stopping already: wait for it');
    const status = await running.tradebot.service.call('status.get', {});
    // Its limits may have been changed since it was opened.
    const { safety } = await running.tradebot.service.call('settings.get', {});
    const obstacle = obstacleTo(status, request.leavePositions, await openPositions(running.tradebot));
    if (obstacle !== undefined) throw obstacle;
    // Asked again: somebody else may have chosen meanwhile, be it that his engine runs by now, or have ended the program.
    if (this.#running !== running || this.#stop.signal.aborted)
      throw new CallError('CONFLICT', 'the program is starting or stopping already: wait for it');
    const written = this.#options.write(request);
    this.log.info(
      { mode: request.mode, ...request.choice },
      'the trader starts the program with other settings',
    );
    this.#show({ ...this.#startup, state: 'starting', mode: request.mode, message: '', failed: false });
    const before = { ...running, settings: { ...running.settings, safety } };
    this.#change = this.#replace(before, written).finally(() => {
      this.#change = undefined;
    });
    return this.#startup;
  }

  #giveUp(): StartupView {
    if (this.#begun === undefined) throw new CallError('CONFLICT', 'nothing is being started');
    this.log.info({ mode: this.#startup.mode }, 'the trader gives up the start');
    this.#begun.abort();
    return this.#startup;
  }

  /** Ends one engine and opens the next; where that cannot be had, the first one's settings are opened again. */
  async #replace(before: Running, { settings, undo }: WrittenChoice): Promise<void> {
    this.#running = undefined;
    this.#relay.detach();
    for (const end of this.#listeners.values()) end?.();
    const begun = new AbortController();
    this.#begun = begun;
    try {
      await before.tradebot.stop();
      const failure = await this.#opened(settings, AbortSignal.any([this.#stop.signal, begun.signal]));
      this.#begun = undefined;
      if (failure === null) return;
      const reason = `${begun.signal.aborted ? 'you gave it up' : failure}${remains(undo)}`;
      if (this.#stop.signal.aborted) return;
      const lost = await this.#opened(before.settings, this.#stop.signal, reason);
      if (lost !== null)
        throw new TraderError('failure', `${reason}; and what ran before cannot be started again: ${lost}`);
    } catch (error) {
      this.#begun = undefined;
      // Without an engine there is nothing to host: the host ends, as when one fails.
      this.#ended.reject(error);
    }
  }

  /** Opens an engine and puts it to work. @returns why it could not be had, or null. */
  async #opened(
    settings: Settings,
    signal: AbortSignal,
    failureBefore: string | null = null,
  ): Promise<string | null> {
    const onProgress = (message: string): void => this.#show({ ...this.#startup, message });
    let tradebot: Tradebot;
    try {
      signal.throwIfAborted();
      tradebot = await this.#options.open(settings, onProgress, signal);
    } catch (error) {
      if (!(error instanceof TraderError) && !signal.aborted)
        this.log.error({ err: error }, 'the engine could not be opened');
      return error instanceof Error ? error.message : String(error);
    }
    if (this.#unlatched !== undefined) await tradebot.service.call('killSwitch.activate', this.#unlatched);
    this.#unlatched = undefined;
    this.#attach({ tradebot, settings });
    const { mode } = settings;
    const run = this.#startup.run + 1;
    this.#show({ run, state: 'running', mode, message: '', failed: false });
    if (failureBefore === null)
      tradebot.alert('info', 'Started by your choice', `the program runs ${MODE_PHRASES[mode]}`);
    else this.#tellFailure(tradebot, failureBefore, mode);
    return null;
  }

  #tellFailure(tradebot: Tradebot, failure: string, mode: Mode): void {
    const message = `${failure}. The program runs ${MODE_PHRASES[mode]} instead`;
    this.#show({ ...this.#startup, message, failed: true });
    tradebot.alert('warning', 'What you chose could not be started', message);
  }

  #attach(running: Running): void {
    this.#running = running;
    this.#lastLog = running.tradebot.log;
    if (this.#held !== null) running.tradebot.holdEntries(this.#held);
    this.#relay.attach(running.tradebot.service);
    for (const listener of this.#listeners.keys())
      this.#listeners.set(listener, running.tradebot.onStatus(listener));
    if (this.#isStarted) this.#watch(running.tradebot);
  }

  /** An engine's end is the host's, unless another takes its place. */
  #watch(tradebot: Tradebot): void {
    const isCurrent = (): boolean => this.#running?.tradebot === tradebot;
    tradebot.start().then(
      () => {
        if (isCurrent()) this.#ended.resolve();
      },
      (error: unknown) => {
        if (isCurrent()) this.#ended.reject(error);
      },
    );
  }

  #latch(press: MethodParsedParams<'killSwitch.activate'>): KillSwitchView {
    const { directory, clock } = this.#options;
    const { reason, from = 'api' } = press;
    const { latch, failure } = new KillSwitch({ directory, clock }).latch(reason, presserOf(from), from);
    // The next engine would not find it.
    if (failure !== null) this.#unlatched = press;
    const failures = failure === null ? [] : [failure];
    return { engaged: true, at: latch.at, reason: latch.reason, stage: 'latched', failures };
  }

  #show(startup: StartupView): void {
    this.#startup = startup;
    this.#hub.set('startup', startup);
    this.#hub.flush();
  }
}

const MODE_PHRASES: Readonly<Record<Mode, string>> = {
  demo: 'in the demo',
  replay: 'in the replay',
  paper: 'on paper',
  sandbox: 'in the sandbox',
  live: 'live',
};

/** Takes a choice out of the settings again. @returns what to add to why, where that cannot be done. */
function remains(undo: () => void): string {
  try {
    undo();
    return '';
  } catch (error) {
    if (!(error instanceof TraderError)) throw error;
    return `; and it stays in the settings: ${error.message}`;
  }
}

function obstacleTo(status: StatusView, leavePositions: boolean, positions: number): CallError | undefined {
  if (status.mode === 'live') {
    const instead = 'end the program and start it with another mode';
    return new CallError('CONFLICT', `real money is traded now, which is not left from here: ${instead}`);
  }
  if (status.killSwitch.engaged)
    return new CallError('CONFLICT', 'the kill switch is engaged: reset it, then start other settings');
  if (status.mode === 'sandbox' && positions > 0 && !leavePositions) {
    const open = positions === 1 ? 'One position is' : `${positions} positions are`;
    const until = 'until the sandbox is started again nothing watches it but stops at the venue';
    return new CallError('CONFIRMATION_REQUIRED', `${open} open in the sandbox: ${until}`);
  }
  return undefined;
}

async function openPositions({ service }: Tradebot): Promise<number> {
  return (await service.call('positions.list', {})).length;
}

/** The log of whichever engine runs. */
function relayed(current: () => Logger): Logger {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields, message: string) =>
    current()[level](fields, message);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => relayed(() => current().child(fields)),
  };
}
