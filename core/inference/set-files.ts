import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { describeIssues } from '../contract/index.ts';
import { textOfBytes, withLineFeeds } from '../domain/index.ts';
import { ModelRefusal } from './refusal.ts';

/** A file of a set, as its manifest names it. */
export interface NamedFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** The content of a file that is what the manifest says. @throws ModelRefusal */
export function readChecked(folder: string, { file, sha256, bytes }: NamedFile): Buffer {
  let content: Buffer;
  try {
    const found = readFileSync(join(folder, file));
    // No string of JSON holds a line break: whoever turned those of the file into Windows' own has changed nothing in it.
    content = file.endsWith('.json') ? Buffer.from(withLineFeeds(textOfBytes(found))) : found;
  } catch (cause) {
    throw new ModelRefusal(
      'missing-file',
      `${file}: it is missing or cannot be read: install the set again`,
      {
        cause,
      },
    );
  }
  if (content.length < bytes) {
    throw new ModelRefusal(
      'truncated',
      `${file}: it has ${content.length} of ${bytes} bytes: install the set again`,
    );
  }
  if (createHash('sha256').update(content).digest('hex') !== sha256) {
    throw new ModelRefusal(
      'hash-mismatch',
      `${file}: its SHA-256 is not the manifest's: it was changed or damaged; install the set again`,
    );
  }
  return content;
}

/** The same, read by a schema. @throws ModelRefusal */
export function readJson<T extends z.ZodType>(folder: string, file: NamedFile, schema: T): z.infer<T> {
  return parsed(file.file, readChecked(folder, file).toString('utf8'), schema, 'reference-broken');
}

function parsed<T extends z.ZodType>(
  file: string,
  content: string,
  schema: T,
  code: 'manifest-broken' | 'reference-broken',
): z.infer<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(content);
  } catch (cause) {
    throw new ModelRefusal(code, `${file}: it is not JSON: ${String(cause)}`, { cause });
  }
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  throw new ModelRefusal(code, describeIssues(result.error, file)[0] ?? `${file}: it is not as it should be`);
}

/** A folder's `manifest.json`. @throws ModelRefusal `no-set` when there is none, `manifest-broken` when it cannot be read. */
export function readManifestText<T extends z.ZodType>(folder: string, schema: T): z.infer<T> {
  const file = 'manifest.json';
  let content: string;
  try {
    content = textOfBytes(readFileSync(join(folder, file)));
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT'; // node:fs throws nothing else
    if (absent) throw new ModelRefusal('no-set', 'no model is installed', { cause });
    throw new ModelRefusal('manifest-broken', `${file}: it cannot be read: ${String(cause)}`, { cause });
  }
  return parsed(file, content, schema, 'manifest-broken');
}

/** Equal as JSON with sorted keys. */
export function same(a: object, b: object): boolean {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value;
  return JSON.stringify(a, sorted) === JSON.stringify(b, sorted);
}
