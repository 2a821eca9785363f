import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../monitoring/index.ts';
import { SqliteLlmCallStore, SqliteSpendingStore, SqliteStateStore } from '../storage/index.ts';
import { temporaryDatabases } from '../storage/testing/temporary-databases.ts';
import { briefOf } from './testing/briefs.ts';
import { completion, GOOD_ANSWER, llmServers, type Scripted } from './testing/llm-server.ts';
import { openTestAgents } from './testing/test-agents.ts';

/** Of no known look, so that only replacing it keeps it out; with signs that JSON and addresses write otherwise. */
const CANARY = 'canary/Zq7+planted=key';
/** Parts of it that a text cut in its middle would leave. */
const PARTS = [CANARY, 'canary/', 'Zq7', 'planted', encodeURIComponent(CANARY)];

const start = llmServers();
const { open } = temporaryDatabases();

const escaped = CANARY.replaceAll('/', '\\u002f');
const error = (status: number, message: string): Scripted => ({
  kind: 'json',
  status,
  headers: { 'x-echo': CANARY },
  body: { error: { message } },
});
const ECHOES: readonly (readonly [string, Scripted])[] = [
  [
    'in a thesis',
    completion(JSON.stringify({ ...GOOD_ANSWER, thesis: `My key is ${CANARY}.`, evidence: [CANARY] })),
  ],
  [
    'in a thesis, in signs of JSON',
    completion(
      `${JSON.stringify({ ...GOOD_ANSWER, thesis: 'KEY' }).replace('KEY', `My key is ${escaped}.`)}`,
    ),
  ],
  ['in prose', completion(`You sent ${CANARY}.`)],
  ['in a refusal', completion(null, { refusal: `I will not, ${CANARY}` })],
  ['in a refusal of the usual words', completion(`I'm sorry, I cannot use ${CANARY}`)],
  ['in an action', completion(JSON.stringify({ ...GOOD_ANSWER, action: CANARY }))],
  ['in a key of the answer', completion(JSON.stringify({ ...GOOD_ANSWER, [CANARY]: 1 }))],
  ['in a wrong key’s error', error(401, `Incorrect API key provided: ${CANARY}`)],
  ['in any error', error(400, `no: ${CANARY}`)],
  ['in an error cut in its middle', error(400, `${'x'.repeat(190)} ${CANARY}`)],
  ['in an error inside a 200', { kind: 'json', body: { error: { message: CANARY, code: 503 } } }],
  ['in a page', { kind: 'raw', status: 403, text: `<html><title>${CANARY}</title>` }],
  ['in bare words', { kind: 'raw', status: 500, text: CANARY }],
  ['in an address', error(404, `no route /v1?key=${encodeURIComponent(CANARY)}`)],
];

describe('the key of a server that repeats it', () => {
  it.each(ECHOES)('%s reaches no log, database, prompt, vote or error', async (_, scripted) => {
    const database = open();
    const folder = dirname(database.name);
    const logger = createLogger({ folder, level: 'debug' });
    const server = await start(() => scripted);
    const agents = openTestAgents({
      calls: new SqliteLlmCallStore(database),
      spending: new SqliteSpendingStore(database),
      state: new SqliteStateStore(database),
      settings: { baseUrl: server.baseUrl, rebuttalRounds: 2 },
      secret: () => CANARY,
      logger,
    });
    const result = await agents.desk.debate(briefOf(), undefined);
    const [call] = result.calls;
    const rehearsal = call === undefined ? null : await agents.rehearse(call, 'Be bold.');
    const test = await agents.testConnection('bull');
    logger.close();
    database.close();

    // It was there to be repeated: the check below can fail.
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
    const shown = JSON.stringify({ result, rehearsal, test, memory: agents.memory?.pastCalls('bull') });
    const sent = server.requests.map(({ body }) => JSON.stringify(body)).join('\n');
    const written = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
    for (const text of [shown, sent, ...written]) for (const part of PARTS) expect(text).not.toContain(part);
    expect(written.length).toBeGreaterThan(0);
  });
});
