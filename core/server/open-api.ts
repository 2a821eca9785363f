import { z } from 'zod';
import { ErrorBodySchema, METHODS, type MethodName, scopeOf } from '../contract/index.ts';
import { KILL_ACTIONS, killPath, SIGNATURE_HEADER, TIMESTAMP_HEADER } from '../engine/index.ts';
import { CALL_EXAMPLES } from './call-examples.ts';
import { type JsonSchema, parametersSchema } from './query-parameters.ts';
import { CALL_PATH, GET_ROUTES, PATH_ROUTES } from './rest-table.ts';

type Json = Readonly<Record<string, unknown>>;

const BEARER = [{ bearer: [] }];

/** OpenAPI 3.1 of everything that the headless host answers over HTTP. */
export function openApiDocument(version: string): Json {
  const methods = Object.keys(METHODS) as MethodName[];
  return {
    openapi: '3.1.0',
    info: {
      title: 'LLM-TradeBot',
      version,
      description:
        'What the program on this machine knows and does. Only the loopback address is served. A token is made with `tradebot tokens make NAME --scope read`; what a call takes is said with it.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://127.0.0.1:5173' }],
    paths: {
      ...Object.fromEntries(
        Object.entries(GET_ROUTES).map(([path, method]) => [path, { get: read(method) }]),
      ),
      ...Object.fromEntries(
        Object.entries(PATH_ROUTES).map(([path, method]) => [
          path.replace(/:(\w+)/g, '{$1}'),
          { get: read(method, 'path') },
        ]),
      ),
      ...Object.fromEntries(methods.map((method) => [`${CALL_PATH}/${method}`, { post: call(method) }])),
      ...OTHER_PATHS,
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Error: schemaOf(z.object({ error: ErrorBodySchema }), 'output'),
        ...Object.fromEntries(
          methods.map((method) => [resultName(method), schemaOf(METHODS[method].result, 'output')]),
        ),
      },
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([name, description]) => [
          name,
          answer(description, 'Error', REFUSAL_EXAMPLE),
        ]),
      ),
    },
  };
}

const REFUSALS = {
  BadRequest: 'The parameters are wrong: the message says which and how.',
  Unauthorized: 'No token, or one that is not known.',
  Forbidden: 'The token lacks the scope, or the address or page may not talk to the program.',
  NotFound: 'There is no such thing.',
  Conflict: 'It cannot be done now, or not without the trader’s word.',
  TooMany: 'Too many requests without a token: try again in a second.',
  Unavailable: 'The engine cannot answer now.',
} as const;
const REFUSAL_EXAMPLE = {
  error: { code: 'UNAUTHORIZED', message: 'log in with the URL that the program printed', retryable: false },
};

const REFERENCES: Json = {
  400: reference('BadRequest'),
  401: reference('Unauthorized'),
  403: reference('Forbidden'),
  404: reference('NotFound'),
  409: reference('Conflict'),
  429: reference('TooMany'),
  503: reference('Unavailable'),
};

/** What has no method: health for supervisors, figures for Prometheus, the sessions of browsers. */
const OTHER_PATHS: Json = {
  '/health': { get: open('health', 'Alive: the same as /api/v1/health/live', { alive: true }) },
  '/api/v1/health/live': { get: open('healthLive', 'Alive, also while trading is halted', { alive: true }) },
  '/api/v1/health': {
    get: {
      ...open('healthReady', 'Ready to trade', { ready: true, problems: [], components: [] }),
      responses: {
        200: answer('Ready.', resultName('health.get')),
        503: answer('Halted or degraded; why is said.', resultName('health.get')),
        429: reference('TooMany'),
      },
    },
  },
  '/api/v1/openapi.json': { get: open('openApi', 'This document') },
  '/metrics': {
    get: {
      operationId: 'metrics',
      summary: 'Figures in Prometheus’ text format. Takes the scope "read".',
      security: BEARER,
      responses: { 200: { description: 'The figures.', content: { 'text/plain': {} } }, ...REFERENCES },
    },
  },
  '/api/v1/session': {
    get: {
      operationId: 'sessionGet',
      summary: 'Whether the host knows who asks.',
      responses: { 200: plain('It does.', { loggedIn: true }), ...REFERENCES },
    },
    post: {
      operationId: 'sessionLogin',
      summary: 'Trades the one-time token of a login link for a session: a cookie, and a key for the page.',
      security: [],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { type: 'object', properties: { token: { type: 'string' } }, required: ['token'] },
            example: { token: 'of the printed link' },
          },
        },
      },
      responses: { 200: plain('Logged in.', { loggedIn: true, key: '…' }), ...REFERENCES },
    },
    delete: {
      operationId: 'sessionLogout',
      summary: 'Ends the session and its connections.',
      security: [],
      responses: { 200: plain('Logged out.', { loggedIn: false }), ...REFERENCES },
    },
  },
  '/api/v1/hello': {
    get: {
      operationId: 'hello',
      summary: 'Proves that this is the host of its data directory.',
      security: [],
      parameters: [
        {
          name: 'nonce',
          in: 'query',
          required: true,
          schema: { type: 'string', minLength: 16, maxLength: 64 },
        },
      ],
      responses: { 200: plain('HMAC-SHA256 by the token in the data directory.'), ...REFERENCES },
    },
  },
  ...Object.fromEntries(
    KILL_ACTIONS.map((action) => [
      killPath(action),
      {
        post: {
          operationId: `killSwitch.signed.${action}`,
          summary: 'By a signed request, for which no token is needed: `tradebot kill --print-curl`.',
          security: [],
          parameters: [TIMESTAMP_HEADER, SIGNATURE_HEADER].map((name) => ({
            ...{ name, in: 'header', required: true, schema: { type: 'string' } },
          })),
          responses: { 200: plain('Done.', { engaged: true, durable: true }), ...REFERENCES },
        },
      },
    ]),
  ),
  '/api/v1/session/link': {
    post: {
      operationId: 'sessionLink',
      summary: 'A fresh login link for a browser; only for the token in the data directory.',
      security: BEARER,
      responses: { 200: plain('The link.', { url: 'http://127.0.0.1:5173/#token=…' }), ...REFERENCES },
    },
  },
};

function read(method: MethodName, place: 'query' | 'path' = 'query'): Json {
  const { properties = {}, required = [] } = parametersSchema(method);
  const example = (CALL_EXAMPLES[method] ?? {}) as Json;
  return {
    operationId: `read.${method}`,
    summary: `${method}. Takes the scope "${scopeOf(method)}".`,
    security: BEARER,
    parameters: Object.entries(properties).map(([name, schema]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(example[name] === undefined ? {} : { example: example[name] }),
      ...described(schema),
    })),
    responses: { 200: answer(`What ${method} answers.`, resultName(method)), ...REFERENCES },
  };
}

/** A parameter that is an object travels as JSON. */
function described(schema: JsonSchema | boolean): Json {
  const isObject = typeof schema === 'object' && schema.type === 'object';
  return isObject ? { content: { 'application/json': { schema } } } : { schema };
}

function call(method: MethodName): Json {
  const schema = parametersSchema(method);
  const example = CALL_EXAMPLES[method] ?? {};
  return {
    operationId: `call.${method}`,
    summary: `${method}. Takes the scope "${scopeOf(method)}".`,
    security: BEARER,
    requestBody: {
      required: (schema.required ?? []).length > 0,
      content: { 'application/json': { schema, example } },
    },
    responses: {
      200: {
        description: `What ${method} answers.`,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: { result: { $ref: `#/components/schemas/${resultName(method)}` } },
              required: ['result'],
            },
          },
        },
      },
      ...REFERENCES,
    },
  };
}

function open(operationId: string, summary: string, example?: Json): Json {
  return {
    operationId,
    summary,
    security: [],
    responses: { 200: plain(summary, example), 429: reference('TooMany') },
  };
}

function plain(description: string, example?: Json): Json {
  const schema = { type: 'object' };
  return {
    description,
    content: { 'application/json': example === undefined ? { schema } : { schema, example } },
  };
}

function answer(description: string, schemaName: string, example?: Json): Json {
  const schema = { $ref: `#/components/schemas/${schemaName}` };
  return {
    description,
    content: { 'application/json': example === undefined ? { schema } : { schema, example } },
  };
}

function reference(name: keyof typeof REFUSALS): Json {
  return { $ref: `#/components/responses/${name}` };
}

function resultName(method: MethodName): string {
  return `${method}.result`;
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
