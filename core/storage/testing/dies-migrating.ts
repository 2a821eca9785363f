import Sqlite from 'better-sqlite3';
import { openDatabase } from '../index.ts';
import { statementsOf } from './statements.ts';

/**
 * A program that is killed (SIGKILL) in the middle of bringing a database to the newest version: `file`, and before which
 * statement of all that the migrations consist of.
 */
const [file = '', before = ''] = process.argv.slice(2);
let left = Number(before);
const whole = Sqlite.prototype.exec;
// The migrations are run as scripts; here one statement at a time, on the very connection.
Sqlite.prototype.exec = function exec(sql: string) {
  for (const statement of statementsOf(sql)) {
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    left -= 1;
    whole.call(this, statement);
  }
  return this;
};
openDatabase({ file, owner: 'demo' });
