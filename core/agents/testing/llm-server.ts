import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach } from 'vitest';

/** What a scripted server does with a request. */
export type Scripted =
  | { readonly kind: 'json'; readonly status?: number; readonly headers?: Headers; readonly body: unknown }
  | { readonly kind: 'raw'; readonly status?: number; readonly headers?: Headers; readonly text: string }
  /** Sends the beginning and closes the connection. */
  | { readonly kind: 'cut'; readonly text: string }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Sends blanks without end, a few at a time. */
  | { readonly kind: 'drip' };
type Headers = Readonly<Record<string, string>>;

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The request line, headers and body as text: all that went over the wire. */
  readonly wire: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Script = (request: SeenRequest, index: number) => Scripted;

export interface LlmServer {
  readonly baseUrl: string;
  /** Connections that are open. */
  connections(): Promise<number>;
  readonly requests: readonly SeenRequest[];
  /** Resolves when so many requests have come. */
  received(count: number): Promise<void>;
}

export const GOOD_ANSWER = {
  action: 'BUY',
  confidence: 0.7,
  thesis: 'The trend is up.',
  evidence: ['dist_ema_50_atr +3.01'],
  invalidation: 'a close below the 50-bar average',
  horizonBars: 24,
};

export const USAGE = { prompt_tokens: 900, completion_tokens: 100, total_tokens: 1_000 };

/** A chat completion with this content. */
export function completion(
  content: string | null,
  given: { finish?: string; refusal?: string; usage?: unknown } = {},
): Scripted {
  const message = { role: 'assistant', content, refusal: given.refusal ?? null };
  const choice = { index: 0, message, finish_reason: given.finish ?? 'stop' };
  const usage = 'usage' in given ? given.usage : USAGE;
  return { kind: 'json', body: { id: 'c', object: 'chat.completion', choices: [choice], usage } };
}

export function answering(answer: unknown = GOOD_ANSWER): Scripted {
  return completion(typeof answer === 'string' ? answer : JSON.stringify(answer));
}

/** An error in OpenAI's shape. */
export function refusing(status: number, message = 'no', headers: Headers = {}, code?: string): Scripted {
  return { kind: 'json', status, headers, body: { error: { message, type: code, code } } };
}

/** Servers on 127.0.0.1, each closed after its test. */
export function llmServers() {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  return async function start(script: Script): Promise<LlmServer> {
    const requests: SeenRequest[] = [];
    let awaited: (() => void)[] = [];
    const server = createServer((incoming, outgoing) => {
      void readRequest(incoming).then((request) => {
        // Who has hung up in the middle of asking has asked nothing.
        if (request === undefined) return;
        requests.push(request);
        perform(script(request, requests.length - 1), outgoing);
        const due = awaited;
        awaited = [];
        for (const wake of due) wake();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('no port');
    return {
      baseUrl: `http://127.0.0.1:${address.port}/v1`,
      requests,
      connections: () =>
        new Promise((resolve, reject) => {
          server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
        }),
      async received(count) {
        while (requests.length < count) await new Promise<void>((resolve) => awaited.push(resolve));
      },
    };
  };
}

/** Undefined where it did not come to its end. */
async function readRequest(incoming: IncomingMessage): Promise<SeenRequest | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk);
  } catch (error) {
    if (incoming.complete) throw error;
    return undefined;
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const { method = '', url = '', headers, rawHeaders } = incoming;
  const wire = `${method} ${url}\n${rawHeaders.join('\n')}\n\n${text}`;
  return { method, path: url, headers, wire, body: text === '' ? {} : JSON.parse(text) };
}

function perform(scripted: Scripted, outgoing: ServerResponse): void {
  switch (scripted.kind) {
    case 'json':
    case 'raw': {
      const text = scripted.kind === 'json' ? JSON.stringify(scripted.body) : scripted.text;
      outgoing.writeHead(scripted.status ?? 200, { 'content-type': 'application/json', ...scripted.headers });
      outgoing.end(text);
      return;
    }
    case 'cut':
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
      outgoing.write(scripted.text, () => outgoing.destroy());
      return;
    case 'hang':
      return;
    case 'drip': {
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      const dripping = setInterval(() => outgoing.write(' '), 1);
      outgoing.on('close', () => clearInterval(dripping));
      return;
    }
  }
}

/** The address of a server that is gone. */
export async function deadBaseUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${address.port}/v1`;
}
