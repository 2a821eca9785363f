import { METHODS, type MethodName } from '../../core/contract/index.ts';
import { SeededRandom } from '../../core/domain/index.ts';

/** Requests made up from the description of the API, valid and not, against a running host. */

export interface FuzzTarget {
  readonly origin: string;
  /** A token that may read. */
  readonly readToken: string;
  /** The token that may do everything; it is sent only with what the contract refuses. */
  readonly ownToken: string;
}

export interface FuzzFault {
  readonly request: string;
  readonly fault: string;
}

interface JsonSchema {
  readonly type?: 'object' | 'array' | 'integer' | 'number' | 'boolean' | 'string';
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
}
interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema?: JsonSchema;
  }[];
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: JsonSchema } };
  };
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const HOSTILE: readonly unknown[] = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '2025',
    'true',
    'null',
    'BTC/USDT',
    'x'.repeat(5_000),
    '../../etc/passwd',
    '%00',
    '\u0000',
  ],
  ...['\u202e', '😀', "'; drop table trades; --", '{{7*7}}', '__proto__', 'constructor', 'RESET', 'PROMOTE'],
  ...[0, -1, 1.5, 1e15, 1e308, -1e308, 2 ** 53, null, true, false, [], {}, [[[[]]]], [null], { toString: 1 }],
];
const CALL = '/api/v1/call/';
const LEAKS = /node_modules|\bat .*\.(ts|js):\d|\/(?:home|root|work|tmp|usr)\//;

/** @returns what was answered as it must not be. The same seed makes the same requests. */
export async function fuzzRest(
  target: FuzzTarget,
  count: number,
  seed: number,
): Promise<readonly FuzzFault[]> {
  const random = new SeededRandom(seed);
  const routes = await routesOf(target.origin);
  const faults: FuzzFault[] = [];
  for (let each = 0; each < count; each += 1) {
    const request = madeUp(random, pick(random, routes), target);
    const label = `${request.init.method} ${request.path} ${String(request.init.body ?? '').slice(0, 200)}`;
    const answer = await fetch(target.origin + request.path, request.init).catch((error: unknown) => error);
    const fault =
      answer instanceof Response
        ? faultOf(answer.status, await answer.text(), request.isRefused)
        : `no answer: ${String(answer)}`;
    if (fault !== undefined) faults.push({ request: label, fault });
  }
  return faults;
}

async function routesOf(origin: string): Promise<readonly Route[]> {
  const answer = await fetch(`${origin}/api/v1/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

interface MadeUp {
  readonly path: string;
  readonly init: { method: string; headers: Record<string, string>; body?: string };
  /** The contract refuses it. */
  readonly isRefused: boolean;
}

function madeUp(random: SeededRandom, { method, path, operation }: Route, target: FuzzTarget): MadeUp {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: place, schema } of operation.parameters ?? []) {
    const text = asText(madeUpValue(random, schema));
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(text) || 'x');
    else if (place === 'query' && random.next() < 0.6) query.append(name, text);
  }
  if (random.next() < 0.1) query.append(asText(pick(random, HOSTILE)).slice(0, 20), 'x');
  const search = query.size === 0 ? '' : `?${query}`;
  const asked = random.next() < 0.03 ? pick(random, ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) : method;
  const body = asked === 'GET' ? undefined : bodyOf(random, operation);
  const isRefused = asked === 'POST' && body !== undefined && refuses(path, body);
  const token = isRefused && random.next() < 0.5 ? target.ownToken : target.readToken;
  const type =
    random.next() < 0.05 ? pick(random, ['text/plain', 'application/xml', '']) : 'application/json';
  return {
    path: filled + search,
    init: {
      method: asked,
      headers: { authorization: `Bearer ${token}`, ...(type === '' ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body }),
    },
    isRefused,
  };
}

function bodyOf(random: SeededRandom, operation: Operation): string | undefined {
  const schema = operation.requestBody?.content['application/json'].schema;
  const dice = random.next();
  if (dice < 0.05) return undefined;
  if (dice < 0.1) return pick(random, ['{', '[1,', 'nul', '{"a":1}}', '\u0000', '{"__proto__":{"x":1}}']);
  return JSON.stringify(madeUpValue(random, schema)) ?? 'null';
}

/** Whether the contract takes no such parameters, so that nothing can have been done. */
function refuses(path: string, body: string): boolean {
  if (!path.startsWith(CALL)) return false;
  try {
    // The description names only methods that there are.
    return !METHODS[path.slice(CALL.length) as MethodName].params.safeParse(JSON.parse(body) ?? undefined)
      .success;
  } catch {
    // No JSON: no parameters at all.
    return true;
  }
}

function madeUpValue(random: SeededRandom, schema: JsonSchema | undefined, depth = 0): unknown {
  if (schema === undefined || depth > 4 || random.next() < 0.25) return pick(random, HOSTILE);
  if (schema.anyOf !== undefined) return madeUpValue(random, pick(random, schema.anyOf), depth + 1);
  if (schema.enum !== undefined) return pick(random, schema.enum);
  // What confirms a deed is guessed right only where the token cannot do it.
  if ('const' in schema) return random.next() < 0.5 ? schema.const : 'no';
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(() => random.next() < 0.8)
          .map(([name, each]) => [name, madeUpValue(random, each, depth + 1)]),
      );
    case 'array':
      return Array.from({ length: Math.floor(random.next() * 4) }, () =>
        madeUpValue(random, schema.items, depth + 1),
      );
    case 'integer':
    case 'number':
      return pick(random, [schema.minimum ?? 0, schema.maximum ?? 100, 1, 50]);
    case 'boolean':
      return random.next() < 0.5;
    case 'string':
    case undefined:
      return pick(random, ['BTC/USDT', 'ETH/USDT', 'bull', 'binance', 'maxPositions']);
  }
  return null;
}

function faultOf(status: number, text: string, isRefused: boolean): string | undefined {
  if (LEAKS.test(text) && status >= 400) return `tells of its inside: ${text.slice(0, 200)}`;
  if (isRefused && status < 400) return `took what the contract refuses: ${status}`;
  if (status < 400) return undefined;
  if (status >= 500 && status !== 503) return `${status}: ${text.slice(0, 200)}`;
  const error = errorIn(text);
  if (error === undefined)
    return status === 503 && /"ready"/.test(text) ? undefined : `${status} without words: ${text}`;
  return /^[^\n]+$/.test(error) ? undefined : `not one line: ${error}`;
}

function errorIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    return typeof error?.message === 'string' ? error.message : undefined;
  } catch {
    // No JSON: told as it is.
    return undefined;
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function pick<T>(random: SeededRandom, from: readonly T[]): T {
  // The index is within the list, which is never empty.
  return from[Math.floor(random.next() * from.length)] as T;
}
