import { describe, expect, test } from 'vitest';
import { price } from '../domain/index.ts';
import { redact } from './redaction.ts';
import { REDACTED, redactText } from './secret-text.ts';

/** Made up for these tests; none of them opens anything. */
const HEX = 'deadbeef'.repeat(8);
const BASE64 = `${'kQ7/xYz+'.repeat(3)}${'aB3dE9gH'.repeat(8)}==`;
const MIXED = `Qz${'7aXbY'.repeat(12)}`;

describe('redactText', () => {
  test.each([
    ['a key after its name', 'apiKey=hunter22 was refused', 'hunter22'],
    ['a name with a prefix', 'binanceApiKey=hunter22', 'hunter22'],
    ['a header', 'X-MBX-APIKEY: hunter22', 'hunter22'],
    ['one letter', 'password=x!', 'x!'],
    ['JSON', '{"secret": "hunter22", "a": 1}', 'hunter22'],
    ['JSON in JSON', '{\\"apiKey\\":\\"hunter22\\"}', 'hunter22'],
    ['several words in quotes', '"passphrase": "correct horse battery"', 'horse'],
    ['quotes that never close', "password='correct horse battery", 'battery'],
    ['a signature in a query', 'GET /api/v3/order?symbol=BTC&signature=hunter22&x=1', 'hunter22'],
    ['a key in a query', 'https://example.org/?listenKey=hunter22', 'hunter22'],
    ['a token in a fragment', 'http://127.0.0.1:5173/#token=hunter22', 'hunter22'],
    ['credentials in an address', 'postgres://user:hunter22@db:5432/x', 'hunter22'],
    ['a password with a slash and an at sign', 'postgres://user:hun/t@er22@db/x', 'er22'],
    ['a token in an address', 'https://hunter22@example.org/x', 'hunter22'],
    ['a bearer token', 'sent Bearer hunter22.abc-def', 'hunter22'],
    ['a login without a scheme', 'authorization: hunter22', 'hunter22'],
    ['a login of another scheme', '"Authorization": "HMAC-X hunter22"', 'hunter22'],
    ['a basic login', 'Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['a basic login alone', 'sent Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['a cookie', 'Cookie: a=1; session=hunter22', 'hunter22'],
    ['a wallet’s words', 'mnemonic: abandon ability able about', 'able'],
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHc\nabc\n-----END EC PRIVATE KEY-----', 'abc'],
    ['half a private key', '-----BEGIN PRIVATE KEY-----\nMHc\nabc', 'abc'],
    ['a language model’s key', `used sk-proj-${'Ab3'.repeat(8)}`, 'Ab3Ab3'],
    ['a Slack token', 'xoxb-123456789012-abcdefGHIJ', 'abcdefGHIJ'],
    ['a Slack webhook', 'https://hooks.slack.com/services/T0/B0/abcdef', 'abcdef'],
    ['a Discord webhook', 'https://discord.com/api/webhooks/1/abcdef', 'abcdef'],
    ['a GitHub token', `ghp_${'ab12'.repeat(6)}`, 'ab12'],
    ['an Amazon key', 'AKIAIOSFODNN7EXAMPLE', 'IOSFODNN7'],
    ['a web token', 'eyJhbGciOiJI.eyJzdWIi.x-y_z', 'eyJzdWIi'],
    ['a Telegram bot', 'POST /bot123456789:aae-bcdefghijklmnopqrstuvwxyz012345/getme', 'aae-'],
    ['a long hexadecimal run', `signed with ${HEX}_v2`, 'deadbeef'],
    ['an upper-case one', `0x${HEX.toUpperCase()}`, 'DEADBEEF'],
    ['a long base64 run', `secret part ${BASE64}`, 'aB3dE9gH'],
    ['a venue’s key without its name', MIXED, '7aXbY'],
  ])('hides %s', (_name, text, secret) => {
    const clean = redactText(text);
    expect(clean).toContain(REDACTED);
    expect(clean).not.toContain(secret);
  });

  test.each([
    'order demoBTC0a1b2c3d4000lq8z9k0n0 filled at 65000.12',
    'decision BTC/USDT@1h@1700000000000: BUY, margin 0.31',
    'at submit (/home/Trader/projects/LLM-TradeBot2/core/execution/order-manager.ts:12:3)',
    'GET http://127.0.0.1:8300/api/v3/order?symbol=BTCUSDT&limit=5',
    'the token is expired: log in again',
    'request 123e4567-e89b-12d3-a456-426614174000 took 12 ms',
    'task-management-and-risk-adjusted-return',
    'Basic settings are in use',
  ])('keeps what is needed to follow events: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  test.each([
    'token',
    '://',
    '://a:',
    'http://a:b',
    'secret_key',
    'a/B1',
    'token="',
    '?a.',
    'Bearer ',
    'token ',
  ])('is not slowed down by %j over and over', (piece) => {
    const started = process.cpuUsage();
    redactText(piece.repeat(19_000 / piece.length));
    // A search that looks at everything again from everywhere takes a hundred times as long.
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(150);
  });

  test('says what is left of the text around a secret', () => {
    expect(redactText('GET https://u:p@db/x?signature=abc&symbol=BTC failed')).toBe(
      `GET https://${REDACTED}@db/x?signature=${REDACTED}&symbol=BTC failed`,
    );
  });

  test('long text is cut where no secret can be halved', () => {
    const text = `${'word '.repeat(3_990)}${MIXED.repeat(20)}`;
    const clean = redactText(text);
    expect(clean).not.toContain('7aXbY');
    expect(clean).toMatch(/word \[\d+ more characters\]$/);
    expect(redactText('x'.repeat(50_000))).toBe('[50000 more characters]');
  });
});

/** One secret in every place where a value can hide it. None must come out. */
const CANARY = 'canary!horse';
const PLACES: readonly [string, unknown][] = [
  ...[
    'apiKey',
    'api_key',
    'APIKEY',
    'secret',
    'clientSecret',
    'password',
    'passphrase',
    'pass',
    'pwd',
    'token',
  ].map((name): [string, unknown] => [name, { [name]: CANARY }]),
  ...['authorization', 'auth', 'cookie', 'set-cookie', 'signature', 'hmac', 'mnemonic', 'webhookUrl'].map(
    (name): [string, unknown] => [name, { [name]: CANARY }],
  ),
  ['a list under a secret’s name', { secret: [CANARY] }],
  ['an object under a secret’s name', { credentials: { user: CANARY } }],
  ['deep down', { a: { b: [{ c: { password: CANARY } }] } }],
  ['a map', new Map([['apiKey', CANARY]])],
  ['a set of objects', new Set([{ apiKey: CANARY }])],
  ['headers in turn', { rawHeaders: ['Host', 'x', 'Cookie', CANARY] }],
  ['headers in pairs', { headers: [['X-MBX-APIKEY', CANARY]] }],
  ['named values', { headers: [{ name: 'authorization', value: CANARY }] }],
  ['keyed values', { env: [{ key: 'TRADEBOT_SECRET_LLM_APIKEY', value: CANARY }] }],
  ['the name of a field', { [`password=${CANARY}`]: 1 }],
  ['an error’s message', new Error(`password=${CANARY}`)],
  ['an error’s cause', new Error('failed', { cause: new Error(`token: "${CANARY}"`) })],
  ['an error’s field', Object.assign(new Error('failed'), { config: { headers: { cookie: CANARY } } })],
  ['an error’s name', Object.assign(new Error('failed'), { name: `secret=${CANARY}` })],
  ['one of several errors', new AggregateError([new Error(`secret=${CANARY}`)], 'failed')],
  ['an address', new URL(`https://user:${CANARY}@example.org/`)],
  ['something that writes itself', { toJSON: () => ({ apiKey: CANARY }) }],
  ['bytes', Buffer.from(CANARY)],
  ['more bytes', new TextEncoder().encode(CANARY)],
  ['raw bytes', new TextEncoder().encode(CANARY).buffer],
  ['a function', Object.assign(() => CANARY, { secret: CANARY })],
];

describe('redact', () => {
  test.each(PLACES)('hides a secret in %s', (_name, value) => {
    for (const nested of [value, { value }, { list: [value] }]) {
      const written = JSON.stringify(redact(nested));
      expect(written).not.toContain('canary');
      expect(written).not.toContain(Buffer.from(CANARY).join(','));
    }
  });

  test('what is no secret stays, in a form that can be written', () => {
    const fields = {
      side: 'buy',
      price: price('65000.12'),
      count: 3,
      big: 12n,
      nothing: null,
      missing: undefined,
      at: new Date(0),
      inputTokens: 512,
      hasApiKey: true,
      secret: null,
      bytes: new Uint8Array(3),
      list: [1, 'two'],
      act: () => 1,
      mark: Symbol('x'),
    };
    expect(redact(fields)).toEqual({
      ...fields,
      price: '65000.12',
      big: '12',
      at: '1970-01-01T00:00:00.000Z',
      bytes: '[3 bytes]',
      act: '[function]',
      mark: '[symbol]',
    });
  });

  test('an error keeps what it says', () => {
    const error = new TypeError('the venue said no', { cause: 'busy' });
    expect(redact(Object.assign(error, { status: 503 }))).toMatchObject({
      type: 'TypeError',
      message: 'the venue said no',
      stack: expect.stringContaining('redaction.test.ts'),
      cause: 'busy',
      status: 503,
    });
  });

  test('circles end where it gets too deep', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    expect(JSON.stringify(redact(circle)).match(/circle/g)).toHaveLength(7);
    expect(JSON.stringify(redact(circle))).toContain('[too deep]');
  });

  test.each([
    ['list', Array.from({ length: 10_000 }, (_, index) => ({ index, limits: { min: 1 } })), '[9500 more]'],
    [
      'object',
      Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`n${index}`, index])),
      '[cut]',
    ],
    [
      'tree',
      { children: Array.from({ length: 60 }, () => Array.from({ length: 60 }, () => 'leaf')) },
      ' more]',
    ],
  ])('a huge %s is cut', (_name, markets, said) => {
    const written = JSON.stringify(redact({ exchange: { markets } }));
    expect(written.length).toBeLessThan(50_000);
    expect(written).toContain(said);
  });

  test('what cannot be read does not stop the line', () => {
    const hostile = {
      get secretly() {
        throw new Error('no');
      },
    };
    expect(redact(hostile)).toBe('[unreadable]');
  });

  test('what is given is never changed', () => {
    const fields = Object.freeze({ apiKey: 'x', nested: Object.freeze({ token: 'y' }) });
    redact(fields);
    expect(fields).toEqual({ apiKey: 'x', nested: { token: 'y' } });
  });
});
