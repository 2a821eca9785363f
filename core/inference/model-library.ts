import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { takesName, writeWhole } from '../platform/index.ts';
import { type FeatureIdentity, loadSet, type ModelSet } from './model-set.ts';
import { ModelRefusal } from './refusal.ts';

export interface ModelLibraryOptions {
  /** The set that the program ships with. */
  readonly shippedFolder: string;
  /** The trader's own sets, one folder each, and which is in use; null where there is no data directory. */
  readonly ownFolder: string | null;
  readonly features: FeatureIdentity;
}

/** A set that was found, or why it must not be used. */
export type LibraryEntry =
  | { readonly setId: string; readonly folder: string; readonly set: ModelSet; readonly refusal: null }
  | { readonly setId: string; readonly folder: string; readonly set: null; readonly refusal: ModelRefusal };

const ChoiceSchema = z.strictObject({ setId: z.string(), previous: z.string().nullable() });
type Choice = z.infer<typeof ChoiceSchema>;
const CHOICE_FILE = 'active.json';

/** The model sets on this machine: the shipped one and the trader's own, and which of them votes. */
export class ModelLibrary {
  readonly #options: ModelLibraryOptions;
  readonly #checked = new Map<string, { readonly state: string; readonly entry: LibraryEntry }>();

  constructor(options: ModelLibraryOptions) {
    this.#options = options;
  }

  /** Every set, the shipped one first, each checked file by file. */
  list(): readonly LibraryEntry[] {
    return this.#folders().map(({ setId, folder }) => this.#read(setId, folder));
  }

  /** The set that should vote: the chosen one, else the shipped one. */
  active(): LibraryEntry {
    const { shippedFolder } = this.#options;
    const chosen = this.#choice();
    if (chosen !== null) {
      const entry = this.list().find(({ setId }) => setId === chosen.setId);
      if (entry !== undefined) return entry;
    }
    return this.#read('shipped', shippedFolder);
  }

  /** @throws ModelRefusal for a set that is not there or cannot be used. */
  find(setId: string): ModelSet {
    const all = this.list();
    const entry = all.find((each) => each.setId === setId);
    if (entry === undefined) {
      const known = all.map((each) => each.setId).join(', ');
      throw new ModelRefusal('no-set', `there is no model set ${setId}: choose one of ${known || 'none'}`);
    }
    if (entry.refusal !== null) throw entry.refusal;
    return entry.set;
  }

  /** Chooses a set for the next start or reload. @throws ModelRefusal for one that is not there or cannot be used. */
  choose(setId: string): ModelSet {
    const set = this.find(setId);
    const active = this.active().setId;
    if (active !== setId) this.#write({ setId, previous: active });
    return set;
  }

  /** The set before the last choice. @throws ModelRefusal when there was none. */
  previous(): string {
    const previous = this.#choice()?.previous;
    if (previous == null) throw new ModelRefusal('no-set', 'there is no earlier model set to go back to');
    return previous;
  }

  /** Goes back to the set before the last choice. @throws ModelRefusal when there was none. */
  rollBack(): ModelSet {
    return this.choose(this.previous());
  }

  /** Copies a set into the trader's own ones after checking it. @throws ModelRefusal */
  install(folder: string): ModelSet {
    const own = this.#ownFolder();
    const set = loadSet(folder, this.#options.features);
    const { setId, models, parity, drift } = set.manifest;
    if (this.#read('shipped', this.#options.shippedFolder).setId === setId) {
      throw new ModelRefusal('name-taken', `${setId} is the name of the set that the program ships with`);
    }
    const part = join(own, `.${setId}.part`);
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    for (const file of ['manifest.json', parity.file, drift.file, ...models.map((model) => model.file)]) {
      cpSync(join(folder, file), join(part, file));
    }
    replaceFolder(part, join(own, setId), join(own, `.${setId}.before`));
    return set;
  }

  #folders(): { setId: string; folder: string }[] {
    const { shippedFolder, ownFolder } = this.#options;
    const shipped = existsSync(join(shippedFolder, 'manifest.json'))
      ? [{ setId: 'shipped', folder: shippedFolder }]
      : [];
    if (ownFolder === null || !existsSync(ownFolder)) return shipped;
    const own = readdirSync(ownFolder, { withFileTypes: true })
      .filter((each) => each.isDirectory() && !each.name.startsWith('.'))
      .map(({ name }) => ({ setId: name, folder: join(ownFolder, name) }));
    return [...shipped, ...own];
  }

  /** Checks a folder; one in which no file has changed since is not read again. */
  #read(fallbackId: string, folder: string): LibraryEntry {
    const state = stateOf(folder);
    const known = this.#checked.get(folder);
    if (known?.state === state) return known.entry;
    const entry = this.#check(fallbackId, folder);
    this.#checked.set(folder, { state, entry });
    return entry;
  }

  #check(fallbackId: string, folder: string): LibraryEntry {
    try {
      const set = loadSet(folder, this.#options.features);
      return { setId: set.manifest.setId, folder, set, refusal: null };
    } catch (error) {
      if (!(error instanceof ModelRefusal)) throw error;
      return { setId: fallbackId, folder, set: null, refusal: error };
    }
  }

  #choice(): Choice | null {
    const { ownFolder } = this.#options;
    if (ownFolder === null) return null;
    try {
      const parsed = ChoiceSchema.safeParse(JSON.parse(readFileSync(join(ownFolder, CHOICE_FILE), 'utf8')));
      return parsed.success ? parsed.data : null;
    } catch {
      // No choice was made, or it cannot be read: the shipped set votes.
      return null;
    }
  }

  #write(choice: Choice): void {
    const own = this.#ownFolder();
    mkdirSync(own, { recursive: true });
    writeWhole(join(own, CHOICE_FILE), `${JSON.stringify(choice)}\n`);
  }

  #ownFolder(): string {
    const { ownFolder } = this.#options;
    if (ownFolder !== null) return ownFolder;
    throw new ModelRefusal('no-set', 'sets are chosen in a data directory, and there is none here');
  }
}

/** Windows lets nobody rename a folder whose files are open. @throws ModelRefusal `in-use`, and nothing has changed. */
function replaceFolder(from: string, to: string, aside: string): void {
  const inUse = (): ModelRefusal => {
    rmSync(from, { recursive: true, force: true });
    return new ModelRefusal(
      'in-use',
      `${basename(to)}: another program has its files open: stop the program that uses this set, and install it again`,
    );
  };
  rmSync(aside, { recursive: true, force: true });
  const hadBefore = existsSync(to);
  if (hadBefore && !takesName(to, aside)) throw inUse();
  if (!takesName(from, to)) {
    if (hadBefore) renameSync(aside, to);
    throw inUse();
  }
  rmSync(aside, { recursive: true, force: true });
}

/** Names, sizes and times of change of a folder's files: different when any of them was written. */
function stateOf(folder: string): string {
  if (!existsSync(folder)) return '';
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const { size, mtimeMs, ctimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs} ${ctimeMs}`;
    })
    .join('\n');
}
