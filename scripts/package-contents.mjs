import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a package has to hold besides its native parts, and what it must not. */

/** Without these nothing starts. */
const PROGRAM = [
  'package.json',
  'LICENSE',
  'THIRD_PARTY_NOTICES.md',
  'icon.png',
  'out/main/main.js',
  'out/main/guardian-process.js',
  'out/main/backup-worker.js',
  'out/main/inference-worker.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
];

/** Where the project's folders lie in a package, as electron-builder.yml says. */
const FOLDERS = [
  ['migrations', 'migrations'],
  ['core/agents/prompts', 'prompts'],
  ['models', 'models'],
  ['resources/tray', 'tray'],
];
/** What trains models is for whoever trains them, and what a system leaves in folders for nobody. */
const NOT_SHIPPED = /^models\/training\/|\/(\.[^/]*|Thumbs\.db|desktop\.ini)$/i;

/**
 * Every file that a package of this project has to hold, as paths in the package.
 *
 * @param {string} root the project's folder @returns {string[]}
 */
export function neededFiles(root) {
  const shipped = FOLDERS.flatMap(([from, to]) =>
    filesBelow(join(root, from)).map((name) => `${to}/${name}`),
  );
  return [...PROGRAM, ...shipped.filter((path) => !NOT_SHIPPED.test(path))];
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name)).map((name) => `${entry.name}/${name}`)
      : [entry.name],
  );
}

/** @param {readonly string[]} paths @param {readonly string[]} needed */
export function missingFiles(paths, needed) {
  const shipped = new Set(paths);
  return needed.filter((path) => !shipped.has(path)).map((path) => `${path} is missing`);
}

/** What tells of a machine, its keys or the sources, by its name. */
const PRIVATE = [
  [/\.map$/i, 'tells the sources'],
  [/(^|\/)\.env(\.[\w-]+)?$/i, 'may hold keys'],
  [/\.(pem|p12|pfx|p8|key|keystore|mobileprovision)$/i, 'may hold keys'],
  [
    /(^|\/)(\.npmrc|\.netrc|id_(rsa|ed25519|ecdsa)|kill-switch-secret|api-token|settings\.json)$/i,
    'may hold keys',
  ],
  [/\.(sqlite|db)(-wal|-shm)?$/i, 'may be a trader’s books'],
  [/\.log$/i, 'tells of a machine'],
];

/** @param {readonly string[]} paths */
export function privateFiles(paths) {
  return paths.flatMap((path) => {
    const why = PRIVATE.find(([pattern]) => pattern.test(path))?.[1];
    return why === undefined ? [] : [`${path} ${why}`];
  });
}

/**
 * The packages that the program does not need, one line each: those for development alone, and those that the lock file does
 * not know. By their names: electron-builder lays them out anew.
 *
 * @param {readonly string[]} paths
 * @param {Readonly<Record<string, { readonly dev?: boolean }>>} locked the lock file's packages, by their folders
 */
export function needlessPackages(paths, locked) {
  const known = new Map();
  for (const [folder, { dev = false }] of Object.entries(locked)) {
    const name = packageOf(`${folder}/`);
    known.set(name, dev && (known.get(name) ?? true));
  }
  const names = new Set(paths.flatMap((path) => packageOf(path) ?? []));
  return [...names].sort().flatMap((name) => {
    if (!known.has(name)) return [`${name} is in no lock file`];
    return known.get(name) ? [`${name} is for development alone`] : [];
  });
}

/** The package that a file belongs to; undefined: to none. */
const packageOf = (path) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
