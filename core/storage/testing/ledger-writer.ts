import { writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  assetAmount,
  baseAmount,
  clientOrderId,
  price,
  quoteAmount,
  tradeId,
  venueOrderId,
} from '../../domain/index.ts';
import { openDatabase, openDataDirectory, SqliteOrderLedger } from '../index.ts';

/**
 * A program to be killed: takes the data directory given as argument and writes orders without end. It prints a
 * line after each write that has returned: `locked`, then `<order> <what was written>`.
 */
const [directory = ''] = process.argv.slice(2);
const { path } = openDataDirectory(directory);
const ledger = new SqliteOrderLedger(openDatabase({ file: join(path, 'demo.sqlite'), owner: 'demo' }));

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

say('locked');
for (let number = 0; ; number += 1) {
  const id = clientOrderId(`o${number}`);
  ledger.appendIntent({
    clientOrderId: id,
    symbol: 'BTC/USDT',
    side: 'buy',
    type: 'market',
    purpose: 'entry',
    amount: baseAmount('0.5'),
    limitPrice: null,
    stopPrice: null,
    reduceOnly: false,
    decisionId: null,
    createdAt: number,
    expiresAt: null,
  });
  say(`${id} INTENT`);
  ledger.appendEvent({ clientOrderId: id, status: 'SENT', at: number });
  say(`${id} SENT`);
  ledger.appendEvent({
    clientOrderId: id,
    status: 'OPEN',
    at: number,
    venueOrderId: venueOrderId(`v${number}`),
  });
  say(`${id} OPEN`);
  ledger.appendFill({
    tradeId: tradeId(`t${number}`),
    clientOrderId: id,
    venueOrderId: venueOrderId(`v${number}`),
    symbol: 'BTC/USDT',
    side: 'buy',
    purpose: 'entry',
    price: price(100),
    amount: baseAmount('0.5'),
    fee: { asset: 'USDT', amount: assetAmount('0.05'), quoteValue: quoteAmount('0.05') },
    liquidity: 'taker',
    time: number + 1,
  });
  say(`${id} fill`);
  ledger.appendEvent({ clientOrderId: id, status: 'FILLED', at: number });
  say(`${id} FILLED`);
}
