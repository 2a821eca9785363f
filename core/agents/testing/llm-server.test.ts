import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { answering, llmServers } from './llm-server.ts';

const servers = llmServers();

it('a client that hangs up in the middle of asking has asked nothing, and fails nobody', async () => {
  const { baseUrl, requests } = await servers(() => answering('{}'));
  const { hostname, port } = new URL(baseUrl);
  const client = connect(Number(port), hostname);
  client.write('POST /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{');
  await new Promise<void>((resolve) => client.write(' ', () => resolve()));
  // The server has the head by then: it answers a whole request that came later.
  await fetch(baseUrl, { method: 'POST', body: '{}' });
  expect(requests).toHaveLength(1);
  client.resetAndDestroy();
  await fetch(baseUrl, { method: 'POST', body: '{}' });
  expect(requests).toHaveLength(2);
});
