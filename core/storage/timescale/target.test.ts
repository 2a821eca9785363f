import { expect, test } from 'vitest';
import { targetOf } from './target.ts';

test.each([
  ['postgres://me@db.example.com/books', { rejectUnauthorized: true }],
  ['postgres://me@db.example.com/books?sslmode=require', { rejectUnauthorized: true }],
  ['postgres://me@127.0.0.1.example.com/books', { rejectUnauthorized: true }],
  ['postgres://me@db.example.com/books?sslmode=disable', false],
  ['postgres://me@127.0.0.1:5433/books', false],
  ['postgres://me@[::1]/books', false],
  ['postgres://me@localhost/books?sslmode=require', { rejectUnauthorized: true }],
])('%s is spoken to by TLS that can be checked, or is this machine', (url, ssl) => {
  expect(targetOf(url, 'sesame')).toMatchObject({ ssl, password: 'sesame' });
});

test('user, port and database are those of the address, and have defaults', () => {
  expect(targetOf('postgres://a%40b@db:5433/c%20d', undefined)).toMatchObject({
    ...{ host: 'db', port: 5433, user: 'a@b', database: 'c d' },
  });
  expect(targetOf('postgres://[2001:db8::1]', undefined)).toMatchObject({
    ...{ host: '2001:db8::1', port: 5432, user: 'tradebot', database: 'tradebot' },
  });
});

test.each([
  ['mysql://me@db/books', 'must begin with postgres://'],
  ['postgres://me@db/books?password=sesame', 'has password= in it'],
  ['postgres://me@db/books?host=elsewhere', 'has host= in it'],
])('%s is refused', (url, reason) => {
  expect(() => targetOf(url, undefined)).toThrow(reason);
});
