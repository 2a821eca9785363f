import { writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

/** A program that keeps a database locked for writing from when it says so until it ends: for ever, unless it is killed. */
const [file = ''] = process.argv.slice(2);
const database = new Sqlite(file);
database.exec('BEGIN IMMEDIATE');
writeSync(1, 'locked\n');
setInterval(() => database.inTransaction, 60_000);
