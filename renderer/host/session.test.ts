import { describe, expect, test } from 'vitest';
import { isLoggedIn, logIn, tokenIn } from './session.ts';

const answering =
  (status: number, body: unknown): typeof fetch =>
  async () =>
    Response.json(body, { status });

describe('the token in what was pasted', () => {
  test.each([
    ['http://127.0.0.1:5173/#token=abc-DEF_123', 'abc-DEF_123'],
    ['  http://localhost:5173/#token=abcdefgh \n', 'abcdefgh'],
    ['#token=a%2Bb', 'a+b'],
    ['abc-DEF_123', 'abc-DEF_123'],
    ['http://127.0.0.1:5173/', undefined],
    ['short', undefined],
    ['', undefined],
  ])('%j gives %s', (text, token) => {
    expect(tokenIn(text)).toBe(token);
  });
});

describe('logging in', () => {
  test('the token is posted as JSON', async () => {
    let sent: RequestInit | undefined;
    await logIn('secret', async (_url, init) => {
      sent = init;
      return Response.json({ loggedIn: true });
    });
    expect(sent).toMatchObject({ method: 'POST', body: '{"token":"secret"}' });
  });

  test('a refusal has the words of the host', async () => {
    const error = { code: 'UNAUTHORIZED', message: 'this link was used before', retryable: false };
    await expect(logIn('x', answering(401, { error }))).rejects.toMatchObject({ message: error.message });
  });

  test('a refusal without words still says what happened', async () => {
    await expect(logIn('x', async () => new Response('no', { status: 403 }))).rejects.toThrow('403');
  });

  test('only 401 means that the host does not know this browser', async () => {
    await expect(isLoggedIn(answering(200, {}))).resolves.toBe(true);
    await expect(isLoggedIn(answering(401, {}))).resolves.toBe(false);
    await expect(isLoggedIn(answering(503, {}))).resolves.toBe(true);
  });
});

test('a link that was cut off in the middle is a wrong token and no page that stays empty', () => {
  expect(tokenIn('http://127.0.0.1:5173/#token=abc%')).toBe('abc%');
});
