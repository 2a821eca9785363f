import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeContractService } from '../../tests/contracts/fake-contract-service.ts';
import { METHODS, type MethodName } from '../contract/index.ts';
import { ManualClock, SILENT_LOGGER } from '../domain/index.ts';
import { SignedRequests } from '../engine/index.ts';
import { CALL_EXAMPLES } from './call-examples.ts';
import { type HeadlessHost, startHeadlessHost } from './index.ts';
import { openApiDocument } from './open-api.ts';
import { CALL_PATH } from './rest-table.ts';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const document = openApiDocument('1.2.3');
const paths = document['paths'] as Paths;
const operations = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

let folder: string;
let host: HeadlessHost;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-openapi-'));
  mkdirSync(join(folder, 'renderer'));
  writeFileSync(join(folder, 'renderer', 'index.html'), '');
  const clock = new ManualClock(1_704_110_400_000);
  host = await startHeadlessHost({
    service: new FakeContractService({ 'health.get': () => ({ ready: true, problems: [], components: [] }) }),
    metrics: async () => '',
    version: '1.2.3',
    dataDirectory: folder,
    rendererFolder: join(folder, 'renderer'),
    port: 0,
    killLine: { port: 1, signed: new SignedRequests({ directory: folder, secret: 'x'.repeat(32), clock }) },
    clock,
    log: SILENT_LOGGER,
  });
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1, every reference resolved', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect([valid, validator.version]).toEqual([true, '3.1']);
    const text = JSON.stringify(document);
    for (const [, place] of text.matchAll(/"\$ref":"#\/components\/(.*?)"/g)) {
      const [kind = '', name = ''] = (place ?? '').split('/');
      expect(document).toHaveProperty(['components', kind, name]);
    }
  });

  it('is served to whoever asks, and holds no secret', async () => {
    const answer = await fetch(`http://127.0.0.1:${host.port}/api/v1/openapi.json`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has every address that the host answers, and no other', () => {
    const served = host.routes.flatMap((route) => {
      const [method = '', path = ''] = route.split(' ');
      if (path === `${CALL_PATH}/:method`) {
        return Object.keys(METHODS).map((name) => `${method} ${CALL_PATH}/${name}`);
      }
      // The page's own files.
      return path.endsWith('*') ? [] : [`${method} ${path.replace(/:(\w+)/g, '{$1}')}`];
    });
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual([...new Set(served)].toSorted());
  });

  it('names every operation once', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has examples that the methods take', () => {
    for (const [method, example] of Object.entries(CALL_EXAMPLES)) {
      const { success, error } = METHODS[method as MethodName].params.safeParse(example);
      expect([method, success, error?.issues]).toEqual([method, true, undefined]);
    }
    const needed = (Object.keys(METHODS) as MethodName[]).filter(
      (method) => !METHODS[method].params.safeParse({}).success && !(method in CALL_EXAMPLES),
    );
    expect(needed).toEqual([]);
  });

  it('says rightly who needs a token', async () => {
    for (const { method, path, operation } of operations) {
      const url = `http://127.0.0.1:${host.port}${path.replace('{id}', '1')}`;
      const { status } = await fetch(url, { method });
      const isOpen = operation.security?.length === 0;
      const isSignedOrLogin = /session$|kill-switch|hello/.test(path);
      if (!isSignedOrLogin) expect([method, path, status === 401]).toEqual([method, path, !isOpen]);
    }
  });
});
