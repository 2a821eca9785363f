import type { CheckStep, Settings, StartableMode, VenueCheck, VenueChoice } from '../../contract/index.ts';
import { type Clock, type Logger, parseSymbol, type Timers, TraderError } from '../../domain/index.ts';
import {
  AccountProbe,
  type Dialect,
  type HardenedCcxt,
  openCcxt,
  publicAccess,
  type Trading,
  tradingAt,
} from '../../execution/index.ts';
import { exchangeSecret, type Secrets } from '../installation/secrets.ts';
import { openingFault } from '../modes/opening-fault.ts';
import { connectionOf } from '../modes/venue-line.ts';
import {
  accountFinding,
  candleFault,
  clockFinding,
  type Finding,
  failed,
  feesFinding,
  good,
  rightsFinding,
  skipped,
  symbolsFinding,
  warning,
} from './check-findings.ts';

export interface VenueCheckOptions {
  readonly choice: VenueChoice;
  readonly mode: Exclude<StartableMode, 'demo'>;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  /** Why the books of a mode could not be gone on with at a venue, with what to do; null: they could. */
  readonly booksFault: (place: Pick<Settings, 'mode' | 'exchange'>) => string | null;
}

/** Enough to see that they arrive. */
const CANDLES_ASKED = 10;

/** Asks a venue, step by step, whether it can be traded as chosen. Changes nothing, here or there. */
export async function checkVenue(options: VenueCheckOptions): Promise<VenueCheck> {
  const steps = await new VenueChecker(options).run();
  return { steps, ready: steps.every(({ state }) => state !== 'failed') };
}

class VenueChecker {
  readonly #options: VenueCheckOptions;
  /** Null on paper, and for a venue that no order can go to. */
  #dialect: Dialect | null = null;
  readonly #steps: CheckStep[] = [];
  readonly #lines: HardenedCcxt[] = [];
  #offsetMs = 0;

  constructor(options: VenueCheckOptions) {
    this.#options = options;
  }

  async run(): Promise<CheckStep[]> {
    try {
      await this.#look();
      return this.#steps;
    } finally {
      for (const { api } of this.#lines) await api.close();
    }
  }

  async #look(): Promise<void> {
    const { choice, mode, booksFault } = this.#options;
    const fault = booksFault({ mode, exchange: this.#exchange() });
    if (fault !== null) this.#steps.push({ step: 'books', ...failed(fault) });
    const line = await this.#step('line', () => this.#reach());
    if (line === undefined) return;
    const { symbols } = choice;
    await this.#step('clock', async () => told(await this.#clock(line)));
    await this.#step('symbols', async () => told(symbolsFinding(line.api, symbols, this.#dialect)));
    await this.#step('candles', async () => told(await this.#candles(line)));
    await this.#step('fees', async () => told(feesFinding(line.api, symbols)));
    if (mode === 'paper' || this.#dialect === null) {
      this.#steps.push({ step: 'keys', ...skipped('Not needed on paper: no order leaves this machine') });
      return;
    }
    await this.#account(line, this.#dialect);
  }

  /** What a step brought; undefined where it failed. */
  async #step<T>(
    step: CheckStep['step'],
    look: () => Promise<{ readonly finding: Finding; readonly brought: T }>,
  ): Promise<T | undefined> {
    try {
      const { finding, brought } = await look();
      this.#steps.push({ step, ...finding });
      return finding.state === 'failed' ? undefined : brought;
    } catch (error) {
      const { mode } = this.#options;
      const fault = openingFault(error, { mode, exchange: this.#exchange() });
      if (!(fault instanceof TraderError)) throw fault;
      this.#steps.push({ step, ...failed(fault.lines.join('; ')) });
      return undefined;
    }
  }

  async #reach() {
    const { mode } = this.#options;
    if (mode === 'sandbox') {
      const { dialect, refusal } = await this.#trading();
      if (dialect === null) {
        const words = `No order can go there: ${refusal}. Trade it on paper, or choose another venue`;
        return { finding: failed(words), brought: undefined };
      }
      this.#dialect = dialect;
    }
    const line = await this.#open();
    await line.calls.make(() => line.api.loadMarkets());
    const count = Object.keys(line.api.markets ?? {}).length;
    return {
      finding: good(`${line.api.name} answers ${this.#whereabouts()} and lists ${count} markets`),
      brought: line,
    };
  }

  async #trading(): Promise<Trading> {
    const { exchange, symbols } = this.#options.choice;
    const kind = parseSymbol(symbols[0] ?? '')?.kind === 'perpetual' ? 'perpetual' : 'spot';
    const other = kind === 'spot' ? 'perpetual' : 'spot';
    return (
      (await tradingAt(exchange, kind)) ??
      (await tradingAt(exchange, other)) ?? { dialect: null, refusal: `${exchange} has no such markets` }
    );
  }

  #whereabouts(): string {
    const { choice, mode } = this.#options;
    if (choice.endpoint !== null) return `at ${new URL(choice.endpoint.rest).host}`;
    return mode === 'sandbox' ? 'on its test network' : 'at its own address';
  }

  #exchange() {
    const { exchange: id, endpoint, proxy } = this.#options.choice;
    return { id, endpoint, proxy, sandbox: false, capitalShare: null, unproven: false };
  }

  async #open(credentials: Readonly<Record<string, string>> = {}): Promise<HardenedCcxt> {
    const { choice, mode, clock, timers, log } = this.#options;
    const line = await openCcxt({
      ...connectionOf({ mode, exchange: this.#exchange() }),
      dialect: this.#dialect ?? publicAccess(choice.exchange, parseSymbol(choice.symbols[0] ?? '')?.kind),
      ...{ credentials, clock, timers, log },
    });
    this.#lines.push(line);
    return line;
  }

  async #clock({ api, calls }: HardenedCcxt): Promise<Finding> {
    const { clock } = this.#options;
    const before = clock.now();
    const time = api.has['fetchTime'] === true ? Number(await calls.make(() => api.fetchTime())) : Number.NaN;
    if (!Number.isFinite(time))
      return warning(`${api.name} does not tell its time: see that this machine's clock is right`);
    // Half the way there and back is taken for the way back.
    this.#offsetMs = Math.round(time - (before + clock.now()) / 2);
    return clockFinding(this.#offsetMs);
  }

  async #candles({ api, calls }: HardenedCcxt): Promise<Finding> {
    const { symbols, timeframe } = this.#options.choice;
    const symbol = symbols.find((each) => api.markets?.[each] !== undefined);
    if (symbol === undefined) return skipped('Not asked: there is no symbol to ask about');
    const fault = candleFault(api, timeframe);
    if (fault !== undefined) return fault;
    const rows = await calls.make(() => api.fetchOHLCV(symbol, timeframe, undefined, CANDLES_ASKED));
    if (Array.isArray(rows) && rows.length > 0) return good(`${timeframe} candles of ${symbol} arrive`);
    return failed(
      `${api.name} told no ${timeframe} candle of ${symbol}: check again, or choose another length`,
    );
  }

  async #account(line: HardenedCcxt, dialect: Dialect): Promise<void> {
    const account = await this.#step('keys', async () => {
      const { names, held } = this.#keysFor(line);
      const missing = names.filter((name) => held[name] === undefined);
      if (missing.length > 0)
        return { finding: failed('Some keys are missing: enter them above'), brought: undefined };
      const probe = new AccountProbe(await this.#open(held), dialect, this.#offsetMs);
      return { finding: good('The venue takes the keys'), brought: { probe, assets: await probe.assets() } };
    });
    if (account === undefined) return;
    const { probe, assets } = account;
    await this.#step('rights', async () => told(rightsFinding(await probe.rights())));
    await this.#step('account', async () =>
      told(accountFinding(await probe.isHedged(), assets, this.#options.choice.symbols)),
    );
  }

  #keysFor({ api }: HardenedCcxt) {
    const { choice, secrets } = this.#options;
    const names = Object.keys(api.requiredCredentials).filter(
      (name) => api.requiredCredentials[name] === true,
    );
    const held: Record<string, string> = {};
    for (const name of names) {
      const value = secrets.read(exchangeSecret(choice.exchange, name));
      if (value !== undefined) held[name] = value;
    }
    return { names, held };
  }
}

function told(finding: Finding) {
  return { finding, brought: true };
}
