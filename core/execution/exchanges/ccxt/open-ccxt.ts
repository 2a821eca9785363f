import { type Clock, type Logger, type Timers, TraderError, VenueError } from '../../../domain/index.ts';
import { CallTimes } from './call-times.ts';
import { Calls } from './calls.ts';
import { type Addresses, type CcxtApi, type CcxtReply, loadCcxt } from './ccxt-api.ts';
import { endWithProgram, hearFailedSends } from './cures.ts';
import type { VenueAccess } from './dialect.ts';
import { errorByClass, errorOfList, errorOfReply } from './faults.ts';
import { RateBudget } from './rate-budget.ts';
import { countOf, headerOf } from './reply-headers.ts';

export interface CcxtOptions {
  readonly dialect: VenueAccess;
  /** By ccxt's names: apiKey, secret, password, uid, walletAddress, privateKey. Absent: public calls only. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** A mirror, gateway or simulator that stands for every host of the venue. */
  readonly endpoint?: { readonly rest: string; readonly ws?: string | undefined } | null;
  /** The venue's own test network; not together with an endpoint. */
  readonly sandbox?: boolean;
  /** Of what the venue takes of one address, the part for this line: all parts together make up one. Default: all. */
  readonly share?: number;
  readonly proxy?: string | null;
  /** What the venue's requests are dated by. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
}

/** A ccxt exchange made safe to trade with, and what it takes to call it. */
export interface HardenedCcxt {
  readonly api: CcxtApi;
  readonly calls: Calls;
  readonly budget: RateBudget;
  readonly times: CallTimes;
}

/** A venue that has not answered by then is asked what became of the order. */
const TIMEOUT_MS = 10_000;
/** Half-open sockets are noticed after two or three times this, by class: within 20 s. */
const KEEP_ALIVE_MS = 6_000;
/** Where a venue's limit is not written down: what ccxt's pace makes of a minute, and a third of it at once. */
const PACED_MS = 80_000;

/**
 * Makes an instance of a venue's ccxt class that says what is true: numbers are text, a cut answer is an error, a
 * refusal is told by the venue's own code, nothing is printed, and what is urgent does not queue.
 *
 * @throws TraderError when ccxt does not have the venue, or has no test network of it.
 */
export async function openCcxt(options: CcxtOptions): Promise<HardenedCcxt> {
  const { dialect, credentials, endpoint = null, share = 1, clock, timers, log } = options;
  const ccxt = await loadCcxt();
  const Venue = ccxt.venue(dialect.id);
  if (Venue === undefined) {
    throw new TraderError(
      'bad-input',
      `exchange.id: ccxt does not know ${dialect.id}: see \`tradebot venues\``,
    );
  }
  const api = new Venue({
    ...credentials,
    ...(options.proxy ? { httpsProxy: options.proxy, wssProxy: options.proxy } : {}),
    number: String,
    timeout: TIMEOUT_MS,
    streaming: { keepAlive: KEEP_ALIVE_MS },
    options: dialect.options,
  });
  const calls = new Calls(api.name);
  const unitsPerMinute = share * (dialect.limit?.unitsPerMinute ?? PACED_MS / api.rateLimit);
  // What goes out without a key is never urgent.
  const hasReserve = credentials !== undefined;
  const budget = new RateBudget({ timers, unitsPerMinute, hasReserve });
  const times = new CallTimes(timers);
  const moves: Move[] = [];
  harden(api, { ...options, calls, budget, times, moves });
  hearFailedSends(api);
  endWithProgram(api);
  api.milliseconds = () => clock.now();
  api.log = (...words) =>
    log.warn({ words: words.map(String).join(' ').slice(0, 500) }, 'ccxt says something');
  if (endpoint !== null) await moveTo(api, endpoint, moves);
  else if (options.sandbox === true) switchToTestNetwork(api, dialect);
  return { api, calls, budget, times };
}

/** An address of the venue's own, and the one that stands for it. */
interface Move {
  readonly from: string;
  readonly to: string;
}

function harden(
  api: CcxtApi,
  {
    dialect,
    calls,
    budget,
    times,
    moves,
  }: Pick<CcxtOptions, 'dialect'> & Omit<HardenedCcxt, 'api'> & { readonly moves: readonly Move[] },
): void {
  const fetch = api.fetch.bind(api);
  api.fetch = (...request) => {
    calls.current.left = true;
    return times.timed(() => fetch(...request));
  };
  const handleErrors = api.handleErrors.bind(api);
  api.handleErrors = (...reply) => {
    const [status, statusText, url, method, headers, body, response, ...request] = reply;
    const { codes, lists } = dialect;
    const said = { status, headers, response };
    const left = leftOf(dialect, headers);
    if (left !== undefined) budget.heed(left);
    // What ccxt makes of a reply depends on the host that was asked.
    const say = (): unknown =>
      handleErrors(status, statusText, homeOf(url, moves), method, headers, body, response, ...request);
    const error =
      (codes.by === 'class'
        ? errorByClass(api.name, codes, said, say)
        : errorOfReply(api.name, codes, said)) ?? errorOfList(api.name, lists, url, response);
    if (error !== undefined) throw error;
    return say();
  };
  const costs = dialect.limit?.costs ?? {};
  const costOf = api.calculateRateLimiterCost.bind(api);
  api.calculateRateLimiterCost = (kind, method, path, ...rest) =>
    Math.max(Number(costOf(kind, method, path, ...rest)), costs[path] ?? 0);
  // Where numbers are text, so are the costs of calls.
  api.throttle = async (cost = 1) => {
    const { isUrgent, mayLeave } = calls.current;
    await budget.take(unitsOf(cost), isUrgent);
    // ccxt signs and sends what comes back from here: nothing waits any more.
    const answer = mayLeave();
    if (!answer.allowed) throw new VenueError('rejected', answer.message);
  };
}

/** What a call costs. A cost that is no number would never be had, and hold up whoever waits behind it for good. */
function unitsOf(cost: unknown): number {
  const units = Number(cost);
  return Number.isFinite(units) && units >= 0 ? units : 1;
}

/** Of what the venue takes in a minute, how much it says is left; undefined where it does not say. */
function leftOf({ limit }: VenueAccess, headers: CcxtReply[4]): number | undefined {
  if (limit?.used === undefined) return undefined;
  const used = countOf(headerOf(headers, limit.used.header));
  return used === undefined ? undefined : limit.unitsPerMinute - used / limit.used.perUnit;
}

/** Puts another host in the place of every one of the venue's; the paths stay, since ccxt tells markets apart by them. */
async function moveTo(
  api: CcxtApi,
  { rest, ws }: NonNullable<CcxtOptions['endpoint']>,
  moves: Move[],
): Promise<void> {
  const webSocket = ws ?? rest.replace(/^http/, 'ws');
  const moved = (address: string): string => {
    const home = api.implodeHostname(address);
    const { protocol, pathname, hostname } = new URL(home);
    const there = new URL(pathname, protocol.startsWith('ws') ? webSocket : rest);
    if (there.hostname === hostname) {
      throw new TraderError(
        'bad-input',
        `exchange.endpoint: ${hostname} is ${api.name} itself, and no endpoint`,
      );
    }
    const to = there.href.replace(/\/$/, '');
    moves.push({ from: home, to });
    return to;
  };
  api.urls.api = everywhere(api.urls.api, moved);
  // ccxt asks for a proxy's agent even where there is none, when the address is not encrypted.
  if (webSocket.startsWith('ws:')) await api.loadHttpProxyAgent();
}

/** The address at the venue itself that another stands for: of several that fit, the longest. */
function homeOf(url: string, moves: readonly Move[]): string {
  const [move] = moves.filter(({ to }) => url.startsWith(to)).toSorted((a, b) => b.to.length - a.to.length);
  return move === undefined ? url : move.from + url.slice(move.to.length);
}

/** Every address of a tree, replaced. */
function everywhere(tree: Addresses, replace: (address: string) => string): Addresses {
  if (typeof tree === 'string') return replace(tree);
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, everywhere(value, replace)]));
}

function switchToTestNetwork(api: CcxtApi, { id, hasTestNetwork }: VenueAccess): void {
  // Switching over where there is none empties the addresses, or fails at the first private call.
  if (!hasTestNetwork) {
    throw new TraderError(
      'bad-input',
      `exchange.id: ${id} has no test network: name a server of your own in exchange.endpoint`,
    );
  }
  api.setSandboxMode(true);
}
