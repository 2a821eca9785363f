import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * What a packaged application holds: the files of its archive, those beside it that a system opens itself, and the
 * resources.
 *
 * @param {string} resources its folder of resources
 * @returns {{ path: string, size: number }[]} by path, from the project's folder or the resources'
 */
export function packagedFiles(resources) {
  const archive = join(resources, 'app.asar');
  const inArchive = entriesOf(archiveHeader(archive), '');
  const beside = walk(resources).filter(({ path }) => !path.startsWith('app.asar'));
  return [...inArchive, ...beside].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** An archive begins with three lengths and the length of a JSON document, which says what is where. */
function archiveHeader(path) {
  const file = openSync(path, 'r');
  try {
    const lengths = Buffer.alloc(16);
    readSync(file, lengths, 0, 16, 0);
    const json = Buffer.alloc(lengths.readUInt32LE(12));
    readSync(file, json, 0, json.length, 16);
    return JSON.parse(json.toString('utf8'));
  } finally {
    closeSync(file);
  }
}

function entriesOf({ files }, folder) {
  return Object.entries(files).flatMap(([name, entry]) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    return entry.files === undefined ? [{ path, size: entry.size ?? 0 }] : entriesOf(entry, path);
  });
}

function walk(folder, root = folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path, root);
    return [{ path: relative(root, path).split(sep).join('/'), size: statSync(path).size }];
  });
}
