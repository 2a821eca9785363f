import type { WebSocket } from 'ws';
import { isMethod, type ServerFrame, scopeOf } from '../contract/index.ts';
import type { Logger } from '../domain/index.ts';
import { ClientSession, type ContractService } from '../engine/index.ts';
import type { FrameGate } from './frame-gate.ts';

/** Above this, what the client has not taken yet holds everything else back. */
const HELD_BACK_BYTES = 64 * 1024;
/** Frames that wait their turn before no more is read from the client. */
const MOST_WAITING = 64;
/** Answers that the client has not taken: with more, nothing further is done for it, not even a stop pressed once more. */
const MOST_UNREAD = 64;
/** Calls that do something, and may take long over it. Their answers are short. */
const MOST_DEEDS = 8;
const EMERGENCY = 'killSwitch.activate';

/**
 * One client over a WebSocket, with a bound on what it can make the program hold: who does not read gets no streams and
 * no further answers until it does, and then a snapshot of what it has missed. What only reads is answered one after the
 * other, for an answer can be long. The emergency stop waits for nothing.
 */
export class ClientSocket {
  readonly #client: WebSocket;
  readonly #session: ClientSession;
  readonly #gate: FrameGate;
  readonly #again = (): void => this.#goOn();
  readonly #questions: unknown[] = [];
  readonly #deeds: unknown[] = [];
  readonly #outgoing: ServerFrame[] = [];
  readonly #missed = new Set<string>();
  #isAnswering = false;
  #deedsAtOnce = 0;
  #emergencies = 0;

  constructor(client: WebSocket, service: ContractService, gate: FrameGate, log: Logger) {
    this.#client = client;
    this.#gate = gate;
    this.#session = new ClientSession(service, (frame) => this.#send(frame), log);
    client.on('message', (data) => this.#receive(parseJson(String(data))));
    client.on('close', () => {
      gate.leave(this.#again);
      this.#session.close();
    });
  }

  #receive(frame: unknown): void {
    if (isEmergency(frame) && this.#emergencies + this.#outgoing.length < MOST_UNREAD) {
      void this.#stop(frame);
      return;
    }
    (isDeed(frame) ? this.#deeds : this.#questions).push(frame);
    if (this.#waiting >= MOST_WAITING) this.#client.pause();
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

  /** Whatever there is room for: answers first, then streams again, then further frames. */
  #goOn(): void {
    while (this.#mayDo && this.#deeds.length > 0) void this.#do(this.#deeds.shift());
    while (this.#hasRoom) {
      const answer = this.#outgoing.shift();
      const topic = answer === undefined ? takeFirst(this.#missed) : undefined;
      if (answer !== undefined) this.#transmit(answer);
      else if (topic !== undefined) this.#session.refresh(topic);
      else if (this.#questions.length > 0 && !this.#isAnswering) void this.#answer(this.#questions.shift());
      else break;
    }
    if (this.#client.isPaused && this.#waiting < MOST_WAITING) this.#client.resume();
  }

  async #answer(frame: unknown): Promise<void> {
    this.#isAnswering = true;
    await this.#session.receive(frame);
    this.#isAnswering = false;
    this.#goOn();
  }

  async #do(frame: unknown): Promise<void> {
    this.#deedsAtOnce += 1;
    await this.#session.receive(frame);
    this.#deedsAtOnce -= 1;
    this.#goOn();
  }

  async #stop(frame: unknown): Promise<void> {
    this.#emergencies += 1;
    await this.#session.receive(frame);
    this.#emergencies -= 1;
  }

  get #mayDo(): boolean {
    return this.#deedsAtOnce < MOST_DEEDS && this.#outgoing.length < MOST_UNREAD;
  }

  get #waiting(): number {
    return this.#questions.length + this.#deeds.length;
  }

  #transmit(frame: ServerFrame): void {
    const giveBack = this.#gate.take();
    this.#client.send(JSON.stringify(frame), () => {
      giveBack();
      this.#goOn();
    });
  }

  get #hasRoom(): boolean {
    if (this.#client.readyState !== this.#client.OPEN) return false;
    return this.#client.bufferedAmount <= HELD_BACK_BYTES && this.#gate.isFree(this.#again);
  }
}

function takeFirst(set: Set<string>): string | undefined {
  const [first] = set;
  if (first !== undefined) set.delete(first);
  return first;
}

function isEmergency(frame: unknown): boolean {
  return methodOf(frame) === EMERGENCY;
}

/** A call that does more than read. */
function isDeed(frame: unknown): boolean {
  const method = methodOf(frame);
  return method !== undefined && isMethod(method) && scopeOf(method) !== 'read';
}

function methodOf(frame: unknown): string | undefined {
  const { type, method } = (frame ?? {}) as { readonly type?: unknown; readonly method?: unknown };
  return type === 'call' && typeof method === 'string' ? method : undefined;
}

/** The parsed document, or the text itself, which no frame schema accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
