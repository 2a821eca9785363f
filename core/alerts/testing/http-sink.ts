import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the sink was sent. */
export interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How it answers; `hang` never does, `half` begins an answer and does not end it. */
export type Answer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'hang'
  | 'half';

/** A server of HTTP on this machine that notes what it gets and answers as it is told. */
export async function httpSink(first: Answer) {
  const posted: Posted[] = [];
  let answer = first;
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      posted.push({ path: request.url ?? '', headers: request.headers, body });
      for (const wake of waiting.splice(0)) wake();
      if (answer === 'hang') return;
      if (answer === 'half') {
        response.writeHead(200);
        response.write('o');
        return;
      }
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    posted,
    url: `http://127.0.0.1:${port}`,
    answers(next: Answer): void {
      answer = next;
    },
    /** Resolves once it has been sent so many requests. */
    async got(count: number): Promise<void> {
      while (posted.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type HttpSink = Awaited<ReturnType<typeof httpSink>>;
