import { describe, expect, it } from 'vitest';
import { type SettingsInput, SettingsSchema } from '../../contract/index.ts';
import { TraderError, VenueError, type VenueFault } from '../../domain/index.ts';
import { openingFault } from './opening-fault.ts';

const ENDPOINT = { endpoint: { rest: 'http://127.0.0.1:8300' } };

function told(fault: VenueFault, words: string, exchange: SettingsInput['exchange'] = {}, mode = 'sandbox') {
  const settings = SettingsSchema.parse({ mode, exchange });
  const error = openingFault(new VenueError(fault, words, { retryAfterMs: 2_500 }), settings);
  if (!(error instanceof TraderError)) throw new TypeError('is not told to the trader');
  return [error.kind, error.message];
}

describe('what keeps a venue from being opened is told with what to do', () => {
  it('a key that it does not take', () => {
    const words = [
      'binance does not take the key (-2015): check exchange.binance.apiKey and exchange.binance.secret',
      "that it may read and trade, and that it is allowed from this machine's address",
    ];
    expect(told('unauthorised', '-2015', ENDPOINT)).toEqual(['bad-input', words.join(', ')]);
    expect(told('unauthorised', '-2015', {}, 'live')).toEqual(['bad-input', words.join(', ')]);
    const ofTestNetwork = words.join(', that it is one of the test network, ');
    expect(told('unauthorised', '-2015')).toEqual(['bad-input', ofTestNetwork]);
  });

  it.each<[string, VenueFault, string, SettingsInput['exchange'], readonly string[]]>([
    [
      'too much was asked',
      'rate-limited',
      '429',
      {},
      ['failure', 'binance wants to be left alone (429): start again in 3 s'],
    ],
    [
      'a line that is not secure',
      'uncertain',
      'self-signed certificate',
      ENDPOINT,
      [
        'failure',
        "the line to binance is not secure (self-signed certificate): check the address, this machine's clock, and whether a proxy or a program reads along",
      ],
    ],
    [
      'a proxy that is down',
      'uncertain',
      'ECONNREFUSED',
      { proxy: 'http://10.0.0.1:3128' },
      [
        'bad-input',
        'binance cannot be had through exchange.proxy at 10.0.0.1:3128 (ECONNREFUSED): check the proxy',
      ],
    ],
    [
      'an endpoint that is somebody else',
      'uncertain',
      'an answer that cannot be read',
      ENDPOINT,
      [
        'bad-input',
        'exchange.endpoint: at http://127.0.0.1:8300 nobody answers as binance does (an answer that cannot be read): check the address',
      ],
    ],
    [
      'no connection',
      'uncertain',
      'ENOTFOUND',
      {},
      ['failure', "binance cannot be had (ENOTFOUND): check this machine's connection and try again"],
    ],
  ])('%s', (_name, fault, words, exchange, expected) => {
    expect(told(fault, words, exchange)).toEqual(expected);
  });

  it('of a venue that does not say how long it wants to be left alone a minute', () => {
    const error = openingFault(new VenueError('rate-limited', '418'), SettingsSchema.parse({}));
    expect(String(error)).toContain('start again in 60 s');
  });

  it('but a bug stays one', () => {
    const bug = new TypeError('undefined is not a function');
    expect(openingFault(bug, SettingsSchema.parse({}))).toBe(bug);
  });
});
