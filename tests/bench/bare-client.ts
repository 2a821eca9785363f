import { fsyncSync, openSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import WebSocket from 'ws';

/**
 * The least that anybody does who sends an order when candles close: reads the frames, has a page on the disk, posts a
 * request. For each symbol in its turn. A process of its own: node tests/bench/bare-client.ts WS_URL REST_URL FILE SYMBOL...
 */

const PAGE = Buffer.alloc(4_096, 1);

const [ws = '', rest = '', file = '', ...symbols] = process.argv.slice(2);
const disk = openSync(file, 'w');
let closes = 0;
const agent = new Agent({ keepAlive: true });
const socket = new WebSocket(`${ws}/stream`);
socket.on('open', () => {
  const params = symbols.map((symbol) => `${symbol.toLowerCase()}@kline_1m`);
  socket.send(JSON.stringify({ method: 'SUBSCRIBE', params, id: 1 }));
});
socket.on('message', (data: Buffer) => {
  // What the local venue says is known.
  const { data: event } = JSON.parse(data.toString()) as { data?: { k?: { x: boolean; s: string } } };
  if (event === undefined) process.send?.('listening');
  if (event?.k?.x !== true) return;
  const moment = Math.floor(closes / symbols.length);
  const isItsTurn = closes % symbols.length === moment % symbols.length;
  closes += 1;
  if (!isItsTurn) return;
  writeSync(disk, PAGE);
  fsyncSync(disk);
  const post = request(`${rest}/bare?symbol=${event.k.s}`, { method: 'POST', agent });
  post.on('response', (response) => response.resume());
  post.on('error', () => undefined);
  post.end();
});
// It does not outlive its runner.
process.on('disconnect', () => process.exit(0));
