import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LimitChange } from '../contract/index.ts';
import { SILENT_LOGGER } from '../domain/index.ts';
import { LIMIT_HISTORY_FILE, LimitHistory } from './index.ts';

const CHANGE: LimitChange = {
  ...{ at: 1, by: 'the trader', from: 'button', what: 'Drawdown' },
  ...{ before: '10 %', after: '5 %', effect: 'tightens' },
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'limit-history-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function history() {
  const warnings: string[] = [];
  const log = { ...SILENT_LOGGER, warn: (_fields: object, message: string) => void warnings.push(message) };
  return { changes: new LimitHistory({ directory, log }), warnings };
}
const file = () => join(directory, LIMIT_HISTORY_FILE);

describe('the history of the limits', () => {
  it('is empty before anything was changed', () => {
    expect(history().changes.list()).toEqual([]);
  });

  it('has each change, newest first, over a restart', () => {
    const { changes } = history();
    changes.note(CHANGE);
    changes.note({ ...CHANGE, at: 2 });
    expect(changes.list().map(({ at }) => at)).toEqual([2, 1]);
    expect(history().changes.list()).toEqual(changes.list());
  });

  it('goes on after half a line, and passes over what is none', () => {
    writeFileSync(file(), '{"at":1,"by"');
    const { changes } = history();
    changes.note(CHANGE);
    appendFileSync(file(), '{"at":"never"}\n');
    expect(history().changes.list()).toEqual([CHANGE]);
  });

  it('keeps what cannot be written, says so, and writes it when it can', () => {
    mkdirSync(file());
    const { changes, warnings } = history();
    expect(warnings).toEqual([`what limits were before cannot be read from ${file()}`]);
    changes.note(CHANGE);
    expect(warnings.at(-1)).toBe(`a changed limit could not be written to ${file()}`);
    rmSync(file(), { recursive: true });
    changes.retry();
    changes.retry();
    expect(readFileSync(file(), 'utf8')).toBe(`\n${JSON.stringify(CHANGE)}\n`);
  });
});
