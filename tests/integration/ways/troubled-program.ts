import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import type { KillActivation, KillSwitchView, StatusView } from '../../../core/contract/index.ts';
import {
  type KillAction,
  killPath,
  killSignature,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from '../../../core/engine/index.ts';
import { KillSwitch, type Latch } from '../../../core/safety/index.ts';
import { type BooksInTrade, until } from '../books-in-trade.ts';
import {
  type CommandResult,
  RunningProgram,
  readyAt,
  runFlags,
  spawnProgram,
  temporaryFolder,
  tradebotWith,
} from '../program.ts';
import type { AtTheEnd } from '../program-at-venue.ts';
import type { InTrouble, Trouble } from './host.ts';

const HOST = join(import.meta.dirname, 'host.ts');
/** For programs, and no more: what takes them all has few to take. */
const DESCRIPTORS = 160;

/** The real program as the command line runs it, on books in trade, and every way there is to stop it from outside. */
export class TroubledProgram {
  readonly books: BooksInTrade;
  readonly program: RunningProgram;
  /** Where programs are noted. */
  readonly runtimeFolder: string;
  readonly #child: ChildProcess;
  readonly #environment: Readonly<Record<string, string>>;
  #page: WebSocket | undefined;

  private constructor(
    books: BooksInTrade,
    program: RunningProgram,
    child: ChildProcess,
    environment: Readonly<Record<string, string>>,
  ) {
    this.books = books;
    this.program = program;
    this.#child = child;
    this.#environment = environment;
    this.runtimeFolder = environment['TRADEBOT_RUNTIME_DIR'] ?? '';
  }

  static async on(books: BooksInTrade, atTheEnd: AtTheEnd): Promise<TroubledProgram> {
    const folder = temporaryFolder();
    atTheEnd(folder.remove);
    const { venue, directory, settings } = books;
    const config = join(folder.path, 'elsewhere.json');
    writeFileSync(config, JSON.stringify(settings));
    const secret = `TRADEBOT_SECRET_EXCHANGE_${settings.exchange.id.toUpperCase()}`;
    const environment = {
      TRADEBOT_RUNTIME_DIR: join(folder.path, 'running'),
      [`${secret}_APIKEY`]: venue.apiKey,
      [`${secret}_SECRET`]: venue.secret,
    };
    const flags = runFlags(directory, ['--config', config]);
    // Its own limit: Node raises the soft one to the hard one.
    const limited = [
      'sh',
      '-c',
      `ulimit -n ${DESCRIPTORS} && exec "$0" "$@"`,
      process.execPath,
      HOST,
      ...flags,
    ];
    const child = spawnProgram(limited, environment, true);
    const program = new RunningProgram(await readyAt(child), child, directory);
    atTheEnd(() => program.crash());
    const troubled = new TroubledProgram(books, program, child, environment);
    await until(async () => (await troubled.status()).reconciliation.green);
    return troubled;
  }

  async status(): Promise<StatusView> {
    // As the program sends it.
    return (await this.program.get('status')) as StatusView;
  }

  async history(): Promise<readonly KillActivation[]> {
    return (await this.program.get('safety/kill-switch/history')) as readonly KillActivation[];
  }

  /** What is on disk. */
  latch(): Latch | undefined {
    return new KillSwitch({ directory: this.books.directory, clock: this.books.venue.clock }).state();
  }

  /** Gets it into trouble, or out of it; it is when this resolves. */
  async get(trouble: Trouble): Promise<void> {
    const told = new Promise<InTrouble>((resolve) => this.#child.once('message', resolve));
    this.#child.send(trouble);
    await told;
  }

  /** Opens the page's line, as the browser does it. */
  async openPage(): Promise<void> {
    const token = readFileSync(join(this.books.directory, 'api-token'), 'utf8').trim();
    const page = new WebSocket(`${this.program.origin.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await new Promise((resolve, reject) => {
      page.once('open', resolve);
      page.once('error', reject);
    });
    this.#page = page;
  }

  /** Presses the page's button. */
  async button(): Promise<KillSwitchView> {
    const page = this.#page;
    if (page === undefined) throw new TypeError('no page is open');
    const answer = new Promise<KillSwitchView>((resolve) => {
      page.on('message', (data) => {
        const frame = JSON.parse(String(data)) as { id?: number; result?: KillSwitchView };
        if (frame.id === 1 && frame.result !== undefined) resolve(frame.result);
      });
    });
    page.send(PRESS);
    return answer;
  }

  /** Presses the button of a page that is gone before it is answered. */
  async lastButton(): Promise<void> {
    const page = this.#page;
    if (page === undefined) throw new TypeError('no page is open');
    await new Promise<void>((resolve) => page.send(PRESS, () => resolve()));
    page.terminate();
  }

  killPort(): number {
    const host: unknown = JSON.parse(readFileSync(join(this.books.directory, 'host.json'), 'utf8'));
    return (host as { killPort: number }).killPort;
  }

  /** A signed request to one of the two ports. */
  async signed(
    to: 'api' | 'kill-port',
    action: KillAction = 'activate',
    headers: Readonly<Record<string, string>> = this.signature(action),
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const origin = to === 'api' ? this.program.origin : `http://127.0.0.1:${this.killPort()}`;
    const response = await fetch(`${origin}${killPath(action)}`, { method: 'POST', headers });
    return { status: response.status, body: await response.json() };
  }

  signature(action: KillAction = 'activate', time = Date.now()): Readonly<Record<string, string>> {
    const secret = readFileSync(join(this.books.directory, 'kill-switch-secret'), 'utf8').trim();
    return { [TIMESTAMP_HEADER]: String(time), [SIGNATURE_HEADER]: killSignature(secret, action, time) };
  }

  /** `tradebot kill` from another folder, with the keys. */
  command(...flags: readonly string[]): Promise<CommandResult> {
    return tradebotWith(this.#environment, ...flags, 'kill');
  }
}

const PRESS = JSON.stringify({
  type: 'call',
  id: 1,
  method: 'killSwitch.activate',
  params: { from: 'button' },
});
