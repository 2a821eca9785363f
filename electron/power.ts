import { type BrowserWindow, powerMonitor, powerSaveBlocker, type WindowSessionEndEvent } from 'electron';
import type { StatusView } from '../core/contract/index.ts';
import type { Timers } from '../core/domain/index.ts';
import type { ServedTradebot } from '../core/engine/index.ts';

export interface PowerOptions {
  readonly tradebot: Omit<ServedTradebot, 'start' | 'stop' | 'goodbye' | 'metrics'>;
  readonly timers: Timers;
  /** Ends the program cleanly, without a question: whoever ends it does not wait for an answer. */
  readonly end: (reason: string) => Promise<void>;
}

const SLEEPS = 'the machine goes to sleep';
/** Windows asks every program before it ends a session, and another one may have said no. */
const SESSION_PATIENCE_MS = 60_000;

const SESSION_ENDS: Readonly<Record<WindowSessionEndEvent['reasons'][number], string>> = {
  shutdown: 'Windows shuts down',
  critical: 'Windows shuts down at once',
  'close-app': 'an update closes the program',
  logoff: 'Windows logs you off',
};

/**
 * What the machine does to a program that trades. Before it sleeps or ends the session entries stop and those that rest
 * are taken back: nobody would place the stop of what they buy. Orders and stops at the venue stay. Afterwards entries wait
 * until the books were compared anew.
 */
export class Power {
  readonly #options: PowerOptions;
  /** Why entries wait, by what it is that has them wait. */
  readonly #holds = new Map<'sleep' | 'session', string>();
  readonly #over = new AbortController();
  #blocker: number | undefined;

  constructor(options: PowerOptions) {
    this.#options = options;
  }

  watch(): void {
    powerMonitor.on('suspend', this.#onSuspend);
    powerMonitor.on('resume', this.#onResume);
    powerMonitor.on('lock-screen', this.#onLock);
    // Electron's types leave out the event, by which its documentation says how to get a moment's time.
    powerMonitor.on('shutdown', this.#onShutdown as () => void);
    this.#options.tradebot.onStatus((status) => this.#keepAwake(status));
  }

  /** Windows tells a session's end to windows, so that there has to be one, be it hidden. */
  watchWindow(window: BrowserWindow): void {
    window.on('query-session-end', (event) => this.#onSessionAsked(event));
    window.on('session-end', (event) => this.#end(reasonOf(event)));
  }

  close(): void {
    this.#over.abort();
    powerMonitor.removeListener('suspend', this.#onSuspend);
    powerMonitor.removeListener('resume', this.#onResume);
    powerMonitor.removeListener('lock-screen', this.#onLock);
    powerMonitor.removeListener('shutdown', this.#onShutdown as () => void);
    this.#letSleep();
  }

  readonly #onSuspend = (): void => {
    const { tradebot } = this.#options;
    this.#hold('sleep', SLEEPS);
    tradebot.log.info({}, SLEEPS);
    const message = 'no entries until it is awake; orders and stops at the venue stay';
    tradebot.alert('warning', 'The machine goes to sleep', message);
    this.#tellOfUnprotected().catch((error: unknown) =>
      tradebot.log.error({ err: error }, 'the positions cannot be read'),
    );
  };

  readonly #onResume = (): void => this.#release('sleep', 'the machine woke up');

  readonly #onLock = (): void =>
    this.#options.tradebot.log.info({}, 'the screen was locked: trading goes on');

  readonly #onShutdown = (event: Electron.Event): void => {
    // The system waits a moment for who ends by himself.
    event.preventDefault();
    this.#end('the machine shuts down');
  };

  #onSessionAsked(event: WindowSessionEndEvent): void {
    const reason = reasonOf(event);
    this.#hold('session', reason);
    this.#options.tradebot.alert(
      'warning',
      'The session ends',
      `${reason}: no entries; stops at the venue stay`,
    );
    void this.#options.timers.wait(SESSION_PATIENCE_MS, this.#over.signal).then(() => {
      if (!this.#over.signal.aborted) this.#release('session', 'the session goes on');
    });
  }

  #end(reason: string): void {
    this.#hold('session', reason);
    this.#options
      .end(reason)
      .catch((error: unknown) =>
        this.#options.tradebot.log.error({ err: error, reason }, 'the program did not end cleanly'),
      );
  }

  #hold(by: 'sleep' | 'session', reason: string): void {
    this.#holds.set(by, reason);
    this.#options.tradebot.holdEntries(reason);
  }

  #release(by: 'sleep' | 'session', reason: string): void {
    const { tradebot } = this.#options;
    this.#holds.delete(by);
    // Before anything may be entered again.
    tradebot.distrustBooks();
    tradebot.holdEntries([...this.#holds.values()][0] ?? null);
    tradebot
      .reconcile(reason)
      .catch((error: unknown) => tradebot.log.error({ err: error, reason }, 'reconciliation failed'));
  }

  async #tellOfUnprotected(): Promise<void> {
    const { tradebot } = this.#options;
    const positions = await tradebot.service.call('positions.list', {});
    const bare = positions.filter(({ protection }) => protection !== 'venue').map(({ symbol }) => symbol);
    if (bare.length === 0) return;
    const message = `${bare.join(', ')}: no stop at the venue; nothing watches while the machine sleeps`;
    tradebot.alert('critical', 'Not protected while asleep', message);
  }

  /** The machine does not fall asleep by itself, nor put the program into App Nap, while a venue's market is traded. */
  #keepAwake({ venue, trading, killSwitch }: StatusView): void {
    const isAtRest = trading === 'stopped' || (trading === 'halted' && killSwitch.stage === 'flat');
    if (venue === null || isAtRest || this.#over.signal.aborted) this.#letSleep();
    else this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
  }

  #letSleep(): void {
    if (this.#blocker !== undefined) powerSaveBlocker.stop(this.#blocker);
    this.#blocker = undefined;
  }
}

function reasonOf({ reasons }: WindowSessionEndEvent): string {
  const [reason] = reasons;
  return reason === undefined ? 'the session ends' : SESSION_ENDS[reason];
}
