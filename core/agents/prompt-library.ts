import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TraderError, textOfBytes, withLineFeeds } from '../domain/index.ts';
import { writeWhole } from '../platform/index.ts';

export const PROMPT_NAMES = ['bull', 'bear', 'rebuttal'] as const;
export type PromptName = (typeof PROMPT_NAMES)[number];

export interface Prompt {
  readonly name: PromptName;
  /** From the front matter; `unversioned` where there is none. */
  readonly version: string;
  /** What the model is told: the file without its front matter. */
  readonly text: string;
  /** The whole file. */
  readonly source: string;
  /** Whether this is the trader's own copy. */
  readonly own: boolean;
}

const SIZE_LIMIT_BYTES = 20_000;

export interface PromptFolders {
  /** Those that came with the program. Default: found from where the program is. */
  readonly shipped?: string;
  /** The trader's own, which go first; made at the first save. Null: none. */
  readonly own: string | null;
}

/**
 * The prompts as files: the program's, and the trader's own copies, which override them. Files are read anew each
 * time, so that an edit counts from the next decision.
 */
export class PromptLibrary {
  readonly #shipped: string;
  readonly #own: string | null;

  /** @throws TraderError when the program has come without prompts. */
  constructor({ shipped = promptsFolder(), own }: PromptFolders) {
    this.#shipped = shipped;
    this.#own = own;
  }

  /** The prompt in use. @throws TraderError when it is missing, empty or too long. */
  read(name: PromptName): Prompt {
    const file = this.#ownFile(name);
    return file !== null && existsSync(file) ? readPrompt(name, file, true) : this.shipped(name);
  }

  /** The program's own, for a diff and to go back to. @throws TraderError */
  shipped(name: PromptName): Prompt {
    return readPrompt(name, join(this.#shipped, `${name}.md`), false);
  }

  /** Keeps the trader's own copy. @throws TraderError when it is empty, too long or cannot be written. */
  save(name: PromptName, source: string): Prompt {
    const file = this.#ownFile(name);
    if (file === null) throw new TraderError('bad-input', 'there is no folder for prompts of your own');
    const prompt = promptOf(name, source, true);
    writing(file, () => {
      mkdirSync(dirname(file), { recursive: true });
      writeWhole(file, source);
    });
    return prompt;
  }

  /** Goes back to the program's own. @throws TraderError when the copy cannot be removed. */
  reset(name: PromptName): Prompt {
    const file = this.#ownFile(name);
    if (file !== null) writing(file, () => rmSync(file, { force: true }));
    return this.shipped(name);
  }

  #ownFile(name: PromptName): string | null {
    return this.#own === null ? null : join(this.#own, `${name}.md`);
  }
}

/**
 * Where the program's prompts are, looked for upwards from `start`: beside the source, in the checkout that a bundle
 * was built in, or in `prompts` beside a packaged application.
 *
 * @throws TraderError when the program has come without them.
 */
export function promptsFolder(start: string = dirname(fileURLToPath(import.meta.url))): string {
  const found = [join(start, 'prompts'), join(start, 'core', 'agents', 'prompts')].find((folder) =>
    existsSync(join(folder, 'rebuttal.md')),
  );
  if (found !== undefined) return found;
  const parent = dirname(start);
  if (parent === start)
    throw new TraderError('failure', 'the folder prompts is missing: install the program again');
  return promptsFolder(parent);
}

function readPrompt(name: PromptName, file: string, own: boolean): Prompt {
  let source: string;
  try {
    // In UTF-16 a character has twice as many bytes.
    if (statSync(file).size > 2 * SIZE_LIMIT_BYTES + 2) throw tooLong(name);
    source = textOfBytes(readFileSync(file));
  } catch (cause) {
    if (cause instanceof TraderError) throw cause;
    throw new TraderError('bad-input', `the prompt ${file} cannot be read: check its rights, or reset it`, {
      cause,
    });
  }
  return promptOf(name, source, own);
}

function promptOf(name: PromptName, source: string, own: boolean): Prompt {
  if (Buffer.byteLength(source) > SIZE_LIMIT_BYTES) throw tooLong(name);
  // The same prompt, and the same key of its calls, whatever line endings an editor wrote.
  const lines = withLineFeeds(source.replace(/^\u{feff}/u, ''));
  const [, header = '', body = lines] = /^---\n([\s\S]*?)\n?---\n([\s\S]*)$/.exec(lines) ?? [];
  const text = body.trim();
  if (text === '')
    throw new TraderError('bad-input', `the prompt ${name} is empty: write something, or reset it`);
  const version = /^version:\s*(\S+)\s*$/m.exec(header)?.[1] ?? 'unversioned';
  return { name, version, text, source, own };
}

function tooLong(name: PromptName): TraderError {
  return new TraderError(
    'bad-input',
    `the prompt ${name} is longer than ${SIZE_LIMIT_BYTES / 1_000} kB: shorten it`,
  );
}

function writing(file: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new TraderError('failure', `${file} cannot be written: check its rights and the disk`, { cause });
  }
}
