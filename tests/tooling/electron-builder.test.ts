import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as builderFiles from 'app-builder-lib/out/fileMatcher.js';
import { load } from 'js-yaml';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builderConfig } from '../../scripts/builder-config.mjs';
import {
  hasModels,
  isNative,
  keyringName,
  nativeFaults,
  ownerOf,
  partsToInstall,
  requiredParts,
  strangeFiles,
  TARGETS,
  type Target,
  targetName,
} from '../../scripts/native-parts.mjs';
import { packagedFiles } from '../../scripts/packaged-files.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

interface PlatformSection {
  readonly target: readonly { readonly target: string; readonly arch: readonly string[] }[];
  readonly files?: readonly string[];
}
interface BuilderConfig {
  readonly files: readonly string[];
  readonly asarUnpack: readonly string[];
  readonly extraResources: readonly { readonly from: string; readonly to: string }[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly publish: null;
  readonly nsis: { readonly buildUniversalInstaller: boolean };
  readonly mac: PlatformSection & { readonly identity?: string | null; readonly notarize?: boolean };
  readonly win: PlatformSection;
  readonly linux: PlatformSection;
}

const { FileMatcher, getMainFileMatchers, getNodeModuleFileMatcher } = builderFiles as typeof builderFiles &
  InternalFileMatchers;
const config = load(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) as BuilderConfig;
const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
};

type Filter = (path: string, stat: unknown) => boolean;
interface Matcher {
  createFilter(): Filter;
}

/** Marked internal, hence not in the package's types; its version is pinned. */
interface InternalFileMatchers {
  getMainFileMatchers(
    appFolder: string,
    destination: string,
    expandMacros: (pattern: string) => string,
    platform: PlatformSection,
    packager: unknown,
    outFolder: string,
    isElectronCompile: boolean,
  ): readonly Matcher[];
  getNodeModuleFileMatcher(
    appFolder: string,
    destination: string,
    expandMacros: (pattern: string) => string,
    platform: PlatformSection,
    packager: { readonly config: BuilderConfig; readonly debugLogger: { readonly isEnabled: boolean } },
  ): Matcher;
}

const SECTIONS = { win32: 'win', darwin: 'mac', linux: 'linux' } as const;
const asBuilt = (target: Target, environment: Readonly<Record<string, string>> = {}): BuilderConfig =>
  builderConfig(config, target, environment) as unknown as BuilderConfig; // the same, with more in it

/** The packages that the program needs, as far as their native parts matter: a target's own may not be installed here. */
const NATIVE_PACKAGES = Object.entries(lock.packages)
  .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
  .map(([path]) => path)
  .filter((path) => /better-sqlite3$|keyring-|onnxruntime-node$|bufferutil$/.test(path));

/** What a package of the lock file holds; of one that is for other systems, its library. */
function filesOf(path: string, keeps: Filter): readonly string[] {
  const keyring = /keyring-(?<name>[\w-]+)$/.exec(path)?.groups?.['name'];
  if (!existsSync(join(ROOT, path)) && keyring !== undefined) {
    const library = `${path}/keyring.${keyring}.node`;
    const stat = { isDirectory: () => false, isFile: () => true, isSymbolicLink: () => false };
    const whole = { ...stat, isDirectory: () => true, isFile: () => false, moduleFullFilePath: path };
    const isKept = keeps(join(ROOT, path), whole);
    return isKept && keeps(join(ROOT, library), { ...stat, moduleFullFilePath: library }) ? [library] : [];
  }
  const stat = Object.assign(lstatSync(join(ROOT, path)), { moduleFullFilePath: path });
  if (!keeps(join(ROOT, path), stat)) return [];
  return stat.isDirectory()
    ? readdirSync(join(ROOT, path)).flatMap((name) => filesOf(`${path}/${name}`, keeps))
    : [path];
}

/** No rule for files has anything to fill in. */
const asItIs = (pattern: string): string => pattern;

/** The native files that a target ships, after electron-builder's own filter. */
function shippedNatives(target: Target): readonly string[] {
  const own = asBuilt(target);
  const packager = { config: own, debugLogger: { isEnabled: false } };
  const keeps = getNodeModuleFileMatcher(
    ROOT,
    ROOT,
    asItIs,
    own[SECTIONS[target.platform]],
    packager,
  ).createFilter();
  return NATIVE_PACKAGES.flatMap((path) => filesOf(path, keeps)).filter(isNative);
}

/** The project's own files that a target ships, the top of each folder. */
function shippedOwn(given: BuilderConfig, target: Target): readonly string[] {
  // As electron-builder has it after reading: the rules of all systems are a set of their own.
  const read = { ...given, files: [{ filter: given.files }] };
  const info = {
    projectDir: ROOT,
    buildResourcesDir: 'resources',
    isPrepackedAppAsar: false,
    config: read,
    debugLogger: { isEnabled: false },
  };
  const section = given[SECTIONS[target.platform]];
  const out = join(ROOT, 'dist');
  const matchers = getMainFileMatchers(ROOT, ROOT, asItIs, section, { info, ...info }, out, false);
  const filters = matchers.map((matcher) => matcher.createFilter());
  const candidates = [
    '.ci/run',
    'README.md',
    'LICENSE',
    'core/cli/main.ts',
    'electron/main.ts',
    'tests/venue/kinds.ts',
    'docs/venues.md',
    'electron-builder.yml',
    'out/main/main.js',
    'out/renderer/index.html',
    'package.json',
  ];
  const stat = { isDirectory: () => false, isFile: () => true };
  return candidates.filter((path) => filters.some((keeps) => keeps(join(ROOT, path), stat)));
}

describe('electron-builder.yml', () => {
  test('follows the schema that electron-builder publishes', () => {
    const schema = JSON.parse(
      readFileSync(join(ROOT, 'node_modules/app-builder-lib/scheme.json'), 'utf8'),
    ) as object;
    const ajv = new Ajv({ strict: false, allErrors: true });
    const validate = ajv.compile(schema);
    validate(config);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...config, asarUnpacked: [] })).toBe(false);
  });

  test('closes every door that the program does not use', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      grantFileProtocolExtraPrivileges: false,
      enableCookieEncryption: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    });
    expect(config.publish).toBeNull();
  });

  test('names only files that exist', () => {
    expect(() => config.extraResources.map(({ from }) => lstatSync(join(ROOT, from)))).not.toThrow();
  });

  test.each(TARGETS.map((target) => [targetName(target), target] as const))(
    'ships to %s its own native libraries, all of them, and nobody else’s',
    (name, target) => {
      const natives = shippedNatives(target);
      expect(nativeFaults(natives, target)).toEqual([]);
      expect([...new Set(natives.map(ownerOf))]).toEqual([name]);
      expect(natives.filter((path) => path.includes('keyring'))).toEqual([
        `node_modules/@napi-rs/keyring-${keyringName(target)}/keyring.${keyringName(target)}.node`,
      ]);
      const onnx = natives.filter((path) => path.includes('onnxruntime'));
      expect(onnx.length).toBe(hasModels(target) ? { win32: 5, darwin: 2, linux: 2 }[target.platform] : 0);
    },
  );

  test.each(TARGETS)('ships to $platform on $arch the built program and none of its sources', (target) => {
    expect(shippedOwn(asBuilt(target), target)).toEqual([
      'LICENSE',
      'out/main/main.js',
      'out/renderer/index.html',
      'package.json',
    ]);
  });

  test('builds an installer for each of the six, and no other', () => {
    const sections = { win: 'win32', mac: 'darwin', linux: 'linux' } as const;
    const targets = (['win', 'mac', 'linux'] as const).flatMap((section) =>
      config[section].target.flatMap(({ arch }) => arch.map((name) => `${sections[section]}-${name}`)),
    );
    expect([...new Set(targets)].sort()).toEqual(TARGETS.map(targetName).sort());
    expect(config.nsis.buildUniversalInstaller).toBe(false);
  });

  test('a system has no rules of its own for files: beside them it would ship the whole project', () => {
    for (const section of ['win', 'mac', 'linux'] as const) expect(config[section].files).toBeUndefined();
    const linux = { ...config.linux, files: ['!nothing'] };
    expect(shippedOwn({ ...config, linux }, { platform: 'linux', arch: 'x64' })).toContain(
      'tests/venue/kinds.ts',
    );
  });

  test('keeps native libraries outside the archive', () => {
    const matcher = new FileMatcher(ROOT, ROOT, (pattern: string) => pattern, [...config.asarUnpack]);
    const unpacked = matcher.createFilter();
    for (const path of [
      'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1',
      'node_modules/better-sqlite3/prebuilds/linux-x64.node',
    ]) {
      expect(unpacked(join(ROOT, path), lstatSync(join(ROOT, path)))).toBe(true);
    }
  });
});

describe('what was packed', () => {
  const target = { platform: 'linux', arch: 'x64' } as const;
  const own = requiredParts(target).map(({ file }) => file);

  test('is refused when it lacks a part, or has another system’s, or one that nobody knows', () => {
    expect(nativeFaults(own, target)).toEqual([]);
    expect(nativeFaults(own.slice(1), target)).toEqual([
      'linux-x64 lacks node_modules/better-sqlite3/prebuilds/linux-x64.node',
    ]);
    const foreign = 'node_modules/better-sqlite3/prebuilds/win32-x64.node';
    const unknown = 'node_modules/new-package/build/thing.node';
    expect(nativeFaults([...own, foreign, unknown], target)).toEqual([
      `linux-x64 ships ${foreign}, which is win32-x64's`,
      `linux-x64 ships ${unknown}, which is known to nobody's`,
    ]);
  });

  test.each(['core/cli/main.ts', '.ci/run', 'README.md', 'tests/x.ts', 'out/other/file.js'])(
    'is refused with %s in it',
    (path) => {
      expect(strangeFiles(['out/main/main.js', 'tray/running.png', 'icon.png', 'package.json'])).toEqual([]);
      expect(strangeFiles([path])).toEqual([`${path} is no part of the program`]);
    },
  );

  test('is read from its archive and from beside it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tradebot-packed-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const header = JSON.stringify({
      files: { out: { files: { 'main.js': { size: 3, offset: '0' } } }, LICENSE: { size: 2, offset: '3' } },
    });
    const lengths = Buffer.alloc(16);
    lengths.writeUInt32LE(header.length, 12);
    writeFileSync(
      join(folder, 'app.asar'),
      Buffer.concat([lengths, Buffer.from(header), Buffer.from('abcde')]),
    );
    writeFileSync(join(folder, 'icon.png'), 'picture');
    expect(packagedFiles(folder)).toEqual([
      { path: 'LICENSE', size: 2 },
      { path: 'icon.png', size: 7 },
      { path: 'out/main.js', size: 3 },
    ]);
  });
});

test('a part that is not installed here is named with the command that installs it', () => {
  const target = { platform: 'win32', arch: 'arm64' } as const;
  expect(
    partsToInstall(
      target,
      (file) => !file.includes('keyring'),
      () => '1.2.3',
    ),
  ).toEqual([
    '@napi-rs/keyring-win32-arm64-msvc is not installed: package on such a machine, or install it here with npm install --no-save --force @napi-rs/keyring-win32-arm64-msvc@1.2.3',
  ]);
});

describe('signatures', () => {
  const target = { platform: 'darwin', arch: 'arm64' } as const;
  const certificate = { CSC_LINK: 'certificate' };
  const apple = { APPLE_API_KEY: 'key', APPLE_API_KEY_ID: 'id', APPLE_API_ISSUER: 'issuer' };

  test.each([
    ['nothing', {}, '-', false, 'adhoc'],
    ['a certificate', certificate, undefined, false, 'signed'],
    ['a certificate and a key of Apple’s', { ...certificate, ...apple }, undefined, true, 'signed'],
    ['a key of Apple’s alone', apple, '-', false, 'adhoc'],
    ['an empty secret, as forks have it', { CSC_LINK: '' }, '-', false, 'adhoc'],
  ])('with %s', (_what, environment, identity, notarize, entitlements) => {
    const { mac } = asBuilt(target, environment);
    const plist = `resources/entitlements.${entitlements}.plist`;
    expect(mac).toMatchObject({ notarize, entitlements: plist, entitlementsInherit: plist });
    expect(mac.identity).toBe(identity);
    // Libraries of no team load under an ad-hoc signature only where that is allowed.
    const isLoose = readFileSync(join(ROOT, plist), 'utf8').includes('disable-library-validation');
    expect(isLoose).toBe(entitlements === 'adhoc');
  });

  test('leave a configuration that electron-builder takes', () => {
    const schema = JSON.parse(
      readFileSync(join(ROOT, 'node_modules/app-builder-lib/scheme.json'), 'utf8'),
    ) as object;
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    for (const environment of [{}, certificate, { ...certificate, ...apple }]) {
      validate(asBuilt(target, environment));
      expect(validate.errors ?? []).toEqual([]);
    }
  });
});
