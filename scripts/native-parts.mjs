/** What of the packages is made for one system and one processor, and which of it a package for that has to ship. */

/** A system and a processor, as Node names them. @typedef {{ platform: 'win32' | 'darwin' | 'linux', arch: 'x64' | 'arm64' }} Target */

/** Each is a package of its own. @type {readonly Target[]} */
export const TARGETS = ['win32', 'darwin', 'linux'].flatMap((platform) => [
  { platform, arch: 'x64' },
  { platform, arch: 'arm64' },
]);

export const targetName = ({ platform, arch }) => `${platform}-${arch}`;

/** How `@napi-rs/keyring` names a target. @param {Target} target */
export function keyringName({ platform, arch }) {
  const libraries = { win32: '-msvc', darwin: '', linux: '-gnu' };
  return `${platform}-${arch}${libraries[platform]}`;
}

/** onnxruntime has had no binary for Intel Macs since 1.24: there the models abstain. @param {Target} target */
export const hasModels = ({ platform, arch }) => !(platform === 'darwin' && arch === 'x64');

/**
 * The files without which a package is not whole.
 *
 * @param {Target} target
 * @returns {{ package: string, file: string }[]}
 */
export function requiredParts(target) {
  const name = targetName(target);
  const keyring = keyringName(target);
  const { platform, arch } = target;
  return [
    { package: 'better-sqlite3', file: `node_modules/better-sqlite3/prebuilds/${name}.node` },
    {
      package: `@napi-rs/keyring-${keyring}`,
      file: `node_modules/@napi-rs/keyring-${keyring}/keyring.${keyring}.node`,
    },
    ...(hasModels(target)
      ? [
          {
            package: 'onnxruntime-node',
            file: `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node`,
          },
        ]
      : []),
  ];
}

const NATIVE = /\.(node|dll|dylib|exe)$|\.so(\.\d+)*$/;

/** @param {string} path of a file */
export const isNative = (path) => NATIVE.test(path);

/** Where each package says whom a native file is for. */
const OWNERS = [
  /^node_modules\/better-sqlite3\/prebuilds\/(?<target>[\w-]+)\.node$/,
  /^node_modules\/@napi-rs\/keyring-(?<target>[\w-]+)\/[^/]+$/,
  /^node_modules\/onnxruntime-node\/bin\/napi-v6\/(?<target>\w+\/\w+)\/[^/]+$/,
  /^node_modules\/bufferutil\/prebuilds\/(?<target>[\w-]+)\/[^/]+$/,
];

/** Whom a native file is for, such as `linux-x64`; undefined for one that nobody here knows. @param {string} path */
export function ownerOf(path) {
  for (const pattern of OWNERS) {
    const target = pattern.exec(path)?.groups?.target;
    if (target !== undefined) return target.replace('/', '-').replace(/-(gnu|msvc)$/, '');
  }
  return undefined;
}

/**
 * What of the packages is left out of a target's package, as electron-builder writes it. Not in the sections of a system in
 * electron-builder.yml: beside rules of its own a system ships the whole project, tests and all.
 *
 * @param {Target} target
 */
export function foreignParts(target) {
  const { platform, arch } = target;
  const name = targetName(target);
  return [
    `!node_modules/onnxruntime-node/bin/napi-v6/!(${platform}){,/**}`,
    `!node_modules/onnxruntime-node/bin/napi-v6/${platform}/!(${arch}){,/**}`,
    `!node_modules/better-sqlite3/prebuilds/!(${name}).node`,
    `!node_modules/@napi-rs/keyring-!(${keyringName(target)}){,/**}`,
    `!node_modules/bufferutil/prebuilds/!(${name}){,/**}`,
  ];
}

/** What a package holds besides the packages that it needs. */
const OWN =
  /^(out\/(main|preload|renderer)\/|migrations\/|prompts\/|models\/|tray\/|(LICENSE|THIRD_PARTY_NOTICES\.md|package\.json|icon\.png)$)/;
/** Electron's own, which electron-builder takes away or puts there. */
const ELECTRONS = /^(electron\.icns|icon\.icns|\w+\.lproj\/.*|app-update\.yml)$/;

/**
 * What a package holds that nobody needs who trades: sources, tests, notes; a line each.
 *
 * @param {readonly string[]} paths
 */
export function strangeFiles(paths) {
  return paths
    .filter((path) => !path.startsWith('node_modules/') && !OWN.test(path) && !ELECTRONS.test(path))
    .map((path) => `${path} is no part of the program`);
}

/**
 * What is wrong with the native parts of a package, a line each; empty: each of its own is there and nobody else's.
 *
 * @param {readonly string[]} paths what it ships, from the project's folder
 * @param {Target} target
 */
export function nativeFaults(paths, target) {
  const shipped = new Set(paths);
  const own = targetName(target);
  const lacking = requiredParts(target)
    .filter(({ file }) => !shipped.has(file))
    .map(({ file }) => `${own} lacks ${file}`);
  const foreign = paths
    .filter((path) => isNative(path) && ownerOf(path) !== own)
    .map((path) => `${own} ships ${path}, which is ${ownerOf(path) ?? 'known to nobody'}'s`);
  return [...lacking, ...foreign];
}

/**
 * What is not installed and has to be before a target can be packaged, a line each with what to do.
 *
 * @param {Target} target
 * @param {(file: string) => boolean} exists
 * @param {(name: string) => string} versionOf of a package, in the lock file
 */
export function partsToInstall(target, exists, versionOf) {
  return requiredParts(target)
    .filter(({ file }) => !exists(file))
    .map(
      ({ package: name }) =>
        `${name} is not installed: package on such a machine, or install it here with npm install --no-save --force ${name}@${versionOf(name)}`,
    );
}
