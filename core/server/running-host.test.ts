import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { proofOf } from './access.ts';
import { askRunningHost } from './running-host.ts';

/** Somebody else at the port of a host that did not end well. */
async function asked(
  token: string,
  answer: (nonce: string, port: number) => Iterable<string>,
): Promise<{ told: unknown; paths: readonly string[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'tradebot-stranger-'));
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    paths.push(pathname);
    const parts = answer(searchParams.get('nonce') ?? '', port)[Symbol.iterator]();
    const goOn = (): void => {
      const { value, done } = parts.next();
      if (done === true) response.end();
      else if (!response.destroyed) response.write(value, goOn);
    };
    goOn();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(directory, 'api-token'), token);
  writeFileSync(join(directory, 'host.json'), JSON.stringify({ port }));
  try {
    return { told: await askRunningHost(directory, 'GET', '/api/v1/status'), paths };
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

it('whoever answers a question without end is hung up on, and takes no memory', async () => {
  let sent = 0;
  const { told, paths } = await asked('t'.repeat(43), function* () {
    for (;;) {
      sent += 1;
      yield 'x'.repeat(65_536);
    }
  });
  expect(told).toBeUndefined();
  expect(paths).toEqual(['/api/v1/hello']);
  expect(sent).toBeLessThan(1_000);
});

it('a token that was cut off proves nothing: nobody is asked with it', async () => {
  const { told, paths } = await asked('', (nonce, port) => [
    JSON.stringify({ proof: proofOf('', nonce, port), mode: 'a lie' }),
  ]);
  expect(told).toBeUndefined();
  expect(paths).toEqual([]);
});
