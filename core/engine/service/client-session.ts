import {
  CallError,
  type ClientFrame,
  ClientFrameSchema,
  describeIssues,
  type ErrorCode,
  isMethod,
  METHODS,
  type MethodName,
  type MethodParsedParams,
  type MethodResult,
  type ServerFrame,
  type StreamMessage,
  type TopicAddress,
  topicOf,
} from '../../contract/index.ts';
import { type Disposer, type Logger, TraderError, type TraderErrorKind } from '../../domain/index.ts';

/** What there is without an engine, and is answered by whoever starts engines. */
export type HostMethod = Extract<MethodName, `venues.${string}`>;
export type EngineMethod = Exclude<MethodName, HostMethod>;

/** What one running engine answers of the contract. */
export interface EngineService {
  /** @throws CallError or TraderError, whose words are told to the caller as they are. */
  call<N extends EngineMethod>(method: N, params: MethodParsedParams<N>): Promise<MethodResult<N>>;
  /** @throws CallError NOT_FOUND for an address without content, such as candles of a symbol not traded. */
  subscribe(address: TopicAddress, listener: (message: StreamMessage) => void): Disposer;
}

/** What a host serves: calls and streams of the contract. */
export interface ContractService {
  /** @throws CallError or TraderError, whose words are told to the caller as they are. */
  call<N extends MethodName>(method: N, params: MethodParsedParams<N>): Promise<MethodResult<N>>;
  /** @throws CallError NOT_FOUND for an address without content, such as candles of a symbol not traded. */
  subscribe(address: TopicAddress, listener: (message: StreamMessage) => void): Disposer;
}

/** What a client may do about a failure that is told as it is: ask for something else, or try again later. */
const CODE_OF: Readonly<Record<TraderErrorKind, ErrorCode>> = {
  'bad-input': 'BAD_REQUEST',
  failure: 'UNAVAILABLE',
};

/** Checks a call's name and parameters, makes it, and turns whatever goes wrong into a CallError. */
export async function serveCall(
  service: ContractService,
  method: string,
  params: unknown,
  log: Logger,
): Promise<unknown> {
  if (!isMethod(method)) throw new CallError('NOT_FOUND', `there is no method ${method}`);
  const parsed = METHODS[method].params.safeParse(params);
  if (!parsed.success) throw new CallError('BAD_REQUEST', describeIssues(parsed.error, method).join('; '));
  try {
    return await service.call(method, parsed.data);
  } catch (error) {
    if (error instanceof CallError) throw error;
    if (error instanceof TraderError) {
      throw new CallError(CODE_OF[error.kind], error.lines.join('; '), { cause: error });
    }
    log.error({ err: error, method }, 'a call failed');
    throw new CallError('INTERNAL', `${method} failed: see the log`, { cause: error });
  }
}

/** One connected client, over a WebSocket or the desktop bridge: frames in, frames out. */
export class ClientSession {
  readonly #service: ContractService;
  readonly #send: (frame: ServerFrame) => void;
  readonly #log: Logger;
  readonly #subscriptions = new Map<string, Disposer>();

  constructor(service: ContractService, send: (frame: ServerFrame) => void, log: Logger) {
    this.#service = service;
    this.#send = send;
    this.#log = log;
  }

  /** Takes one frame as the client sent it, already parsed from JSON. @returns when it has been answered. */
  async receive(data: unknown): Promise<void> {
    const parsed = ClientFrameSchema.safeParse(data);
    if (!parsed.success) {
      const message = describeIssues(parsed.error, 'frame').join('; ');
      this.#fail(null, new CallError('BAD_REQUEST', message));
      return;
    }
    await this.#dispatch(parsed.data);
  }

  /** Sends a snapshot again of what is subscribed to: the client has missed something. */
  refresh(topic: string): void {
    if (this.#subscriptions.has(topic)) this.#subscribe(topic);
  }

  close(): void {
    for (const dispose of this.#subscriptions.values()) dispose();
    this.#subscriptions.clear();
  }

  async #dispatch(frame: ClientFrame): Promise<void> {
    switch (frame.type) {
      case 'call':
        await this.#call(frame.id, frame.method, frame.params);
        return;
      case 'subscribe':
        this.#subscribe(frame.topic);
        return;
      case 'unsubscribe':
        this.#subscriptions.get(frame.topic)?.();
        this.#subscriptions.delete(frame.topic);
    }
  }

  async #call(id: number, method: string, params: unknown): Promise<void> {
    try {
      const result = await serveCall(this.#service, method, params, this.#log);
      this.#send({ type: 'result', id, result });
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #subscribe(topic: string): void {
    if (topicOf(topic) === undefined) {
      this.#fail(null, new CallError('NOT_FOUND', `there is no topic ${topic}`));
      return;
    }
    this.#subscriptions.get(topic)?.();
    this.#subscriptions.delete(topic);
    try {
      // topicOf has just recognised it.
      const dispose = this.#service.subscribe(topic as TopicAddress, (message) =>
        this.#send({ type: 'stream', message }),
      );
      this.#subscriptions.set(topic, dispose);
    } catch (error) {
      this.#fail(null, error);
    }
  }

  /** Tells the client; what was not expected is logged, and nothing of its inside is told. */
  #fail(id: number | null, error: unknown): void {
    if (!(error instanceof CallError)) this.#log.error({ err: error }, 'a frame could not be served');
    const failure =
      error instanceof CallError ? error : new CallError('INTERNAL', 'the request failed: see the log');
    this.#send({ type: 'error', id, error: failure.toBody() });
  }
}
