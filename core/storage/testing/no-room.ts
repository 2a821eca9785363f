import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { baseAmount, clientOrderId } from '../../domain/index.ts';
import { copyDatabase, openDatabase, SqliteOrderLedger } from '../index.ts';

/**
 * A program whose files may not grow beyond what its shell allows (`ulimit -f`), as on a disk that is full: it fills, brings
 * books to a newer version or copies them, and says in a line each what was written and what failed.
 */
const [directory = '', deed = ''] = process.argv.slice(2);
const file = join(directory, 'demo.sqlite');

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function fill(): void {
  const ledger = new SqliteOrderLedger(openDatabase({ file, owner: 'demo' }));
  let failures = 0;
  for (let number = 0; failures < 3; number += 1) {
    const id = clientOrderId(`o${number}`);
    try {
      ledger.appendIntent({
        ...{ clientOrderId: id, symbol: 'BTC/USDT', side: 'buy', type: 'market', purpose: 'entry' },
        ...{ amount: baseAmount('0.5'), limitPrice: null, stopPrice: null, reduceOnly: false },
        ...{ decisionId: 'x'.repeat(1_000) as never, createdAt: number, expiresAt: null },
      });
      say(id);
    } catch (error) {
      failures += 1;
      say(String(error));
    }
  }
}

try {
  if (deed === 'fill') fill();
  else if (deed === 'open') openDatabase({ file, owner: 'demo' }).close();
  else copyDatabase(file, join(directory, 'copy.sqlite'));
} catch (error) {
  say(String(error));
}
