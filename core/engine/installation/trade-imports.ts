import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { TraderError, type UtcMs } from '../../domain/index.ts';
import type { ImportOutcome, ImportSummary } from '../../storage/index.ts';
import { withStores } from './offline.ts';
import type { BooksSettings } from './store-names.ts';
import { readTradeFile } from './trade-file.ts';

/** Faults that are told; of a wrong file there are as many as lines. */
const FAULTS_TOLD = 5;

/**
 * Puts the trades of a venue's export beside those of a mode's books. Positions, cash and figures of the account stay as
 * they are. A file that was imported before adds nothing.
 *
 * @throws TraderError when the file cannot be read or a line is wrong: then nothing is changed. StorageError
 */
export function importTradeFile(
  directory: string,
  settings: BooksSettings,
  file: string,
  now: UtcMs,
): ImportOutcome {
  const { fills, faults } = readTradeFile(contentOf(file));
  if (faults.length > 0) {
    const more = faults.length > FAULTS_TOLD ? `; and ${faults.length - FAULTS_TOLD} lines more` : '';
    const told = faults.slice(0, FAULTS_TOLD).join('; ');
    throw new TraderError('bad-input', `${basename(file)}: ${told}${more}; nothing was imported`);
  }
  const [outcome] = withStores(directory, settings, ({ tradeImports }) => [
    tradeImports.add(basename(file), fills, now),
  ]);
  if (outcome === undefined)
    throw new TraderError('bad-input', `no account was opened in ${settings.mode} mode here yet`);
  return outcome;
}

/** @returns how many fills went. @throws TraderError where there is no such import. */
export function undoTradeImport(directory: string, settings: BooksSettings, id: number): number {
  const [gone] = withStores(directory, settings, ({ tradeImports }) => [tradeImports.undo(id)]);
  if (gone === undefined)
    throw new TraderError('bad-input', `there is no import ${id}: \`tradebot trades imports\` lists them`);
  return gone;
}

/** What was imported, oldest first. */
export function tradeImports(directory: string, settings: BooksSettings): readonly ImportSummary[] {
  return withStores(directory, settings, (stores) => stores.tradeImports.list());
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TraderError('bad-input', `${file} cannot be read: give the venue's export as a CSV file`, {
      cause,
    });
  }
}
