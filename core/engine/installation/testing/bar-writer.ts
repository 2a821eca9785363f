import { writeSync } from 'node:fs';
import { decisionOf } from '../../../../tests/contracts/decision-store-contract.ts';
import { openStores } from '../stores.ts';

/**
 * A program to be killed: writes a decision and an equity point for each bar into the data directory given as argument,
 * prints `bar <number>` after each, and `half <number>` between the two of the bar whose number is given, where it
 * stays for ever.
 */
const [directory = '', last = ''] = process.argv.slice(2);
const stores = openStores(directory, 'demo');

for (let bar = 0; ; bar += 1) {
  stores.together(() => {
    stores.decisions.append(decisionOf(`d${bar}`, { barOpenTime: bar }));
    if (bar === Number(last)) {
      writeSync(1, `half ${bar}\n`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    stores.equity.append({ time: bar, equity: '1', capital: '1' });
  });
  stores.retry();
  writeSync(1, `bar ${bar}\n`);
}
