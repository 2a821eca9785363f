import type { WebSocket } from 'ws';
import type { ServerFrame } from '../contract/index.ts';
import type { Logger } from '../domain/index.ts';
import { ClientSession, type ContractService } from '../engine/index.ts';

/** Above this, what the client has not taken yet holds everything else back. */
const HELD_BACK_BYTES = 256 * 1024;
/** Frames that wait their turn before no more is read from the client. */
const MOST_WAITING = 64;
const MOST_AT_ONCE = 8;
const EMERGENCY = 'killSwitch.activate';

/**
 * One client over a WebSocket, with a bound on what it can make the program hold: who does not read gets no streams and
 * no further answers until it does, and then a snapshot of what it has missed. The emergency stop waits for nothing.
 */
export class ClientSocket {
  readonly #client: WebSocket;
  readonly #session: ClientSession;
  readonly #incoming: unknown[] = [];
  readonly #outgoing: ServerFrame[] = [];
  readonly #missed = new Set<string>();
  #atOnce = 0;

  constructor(client: WebSocket, service: ContractService, log: Logger) {
    this.#client = client;
    this.#session = new ClientSession(service, (frame) => this.#send(frame), log);
    client.on('message', (data) => this.#receive(parseJson(String(data))));
    client.on('close', () => this.#session.close());
  }

  #receive(frame: unknown): void {
    if (isEmergency(frame)) {
      void this.#session.receive(frame);
      return;
    }
    this.#incoming.push(frame);
    if (this.#incoming.length >= MOST_WAITING) this.#client.pause();
    this.#goOn();
  }

  #send(frame: ServerFrame): void {
    if (frame.type === 'stream') {
      if (this.#hasRoom) this.#transmit(frame);
      else this.#missed.add(frame.message.topic);
      return;
    }
    this.#outgoing.push(frame);
    this.#goOn();
  }

  /** Whatever there is room for: answers first, then streams again, then further questions. */
  #goOn(): void {
    while (this.#hasRoom) {
      const answer = this.#outgoing.shift();
      const topic = answer === undefined ? takeFirst(this.#missed) : undefined;
      if (answer !== undefined) this.#transmit(answer);
      else if (topic !== undefined) this.#session.refresh(topic);
      else if (this.#incoming.length > 0 && this.#atOnce < MOST_AT_ONCE) this.#serve(this.#incoming.shift());
      else break;
    }
    if (this.#client.isPaused && this.#incoming.length < MOST_WAITING) this.#client.resume();
  }

  #serve(frame: unknown): void {
    this.#atOnce += 1;
    void this.#session.receive(frame).finally(() => {
      this.#atOnce -= 1;
      this.#goOn();
    });
  }

  #transmit(frame: ServerFrame): void {
    this.#client.send(JSON.stringify(frame), () => this.#goOn());
  }

  get #hasRoom(): boolean {
    return this.#client.readyState === this.#client.OPEN && this.#client.bufferedAmount <= HELD_BACK_BYTES;
  }
}

function takeFirst(set: Set<string>): string | undefined {
  const [first] = set;
  if (first !== undefined) set.delete(first);
  return first;
}

function isEmergency(frame: unknown): boolean {
  const { type, method } = (frame ?? {}) as { readonly type?: unknown; readonly method?: unknown };
  return type === 'call' && method === EMERGENCY;
}

/** The parsed document, or the text itself, which no frame schema accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
