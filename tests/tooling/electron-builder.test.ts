import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as builderFiles from 'app-builder-lib/out/fileMatcher.js';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const ONNX = 'node_modules/onnxruntime-node/bin/napi-v6';
const SQLITE = 'node_modules/better-sqlite3/prebuilds';

interface PlatformSection {
  readonly files: readonly string[];
  readonly target: readonly { readonly target: string; readonly arch: readonly string[] }[];
}
interface BuilderConfig {
  readonly files: readonly string[];
  readonly asarUnpack: readonly string[];
  readonly extraResources: readonly { readonly from: string; readonly to: string }[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly publish: null;
  readonly mac: PlatformSection;
  readonly win: PlatformSection;
  readonly linux: PlatformSection;
}

const { FileMatcher, getNodeModuleFileMatcher } = builderFiles as typeof builderFiles & InternalFileMatchers;
const config = load(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) as BuilderConfig;

/** Marked internal, hence not in the package's types; its version is pinned. */
interface InternalFileMatchers {
  getNodeModuleFileMatcher(
    appFolder: string,
    destination: string,
    expandMacros: (pattern: string) => string,
    platform: PlatformSection,
    packager: { readonly config: BuilderConfig; readonly debugLogger: { readonly isEnabled: boolean } },
  ): builderFiles.FileMatcher;
}

/** The native files that a target ships, after electron-builder's own filter. */
function shipped(platform: 'mac' | 'win' | 'linux', arch: string, folder: string): readonly string[] {
  const expand = (pattern: string): string => pattern.replace(/\$\{arch\}/g, arch);
  const packager = { config, debugLogger: { isEnabled: false } };
  const matcher = getNodeModuleFileMatcher(ROOT, ROOT, expand, config[platform], packager);
  const keeps = matcher.createFilter();
  const walk = (path: string): string[] =>
    readdirSync(join(ROOT, path)).flatMap((name) => {
      const child = `${path}/${name}`;
      const stat = Object.assign(lstatSync(join(ROOT, child)), { moduleFullFilePath: child });
      if (!keeps(join(ROOT, child), stat)) return [];
      return stat.isDirectory() ? walk(child) : [child];
    });
  return walk(folder).map((path) => path.slice(folder.length + 1));
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
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    });
    expect(config.publish).toBeNull();
  });

  test('names only files that exist', () => {
    expect(() => config.extraResources.map(({ from }) => lstatSync(join(ROOT, from)))).not.toThrow();
  });

  test.each([
    ['linux', 'x64', 'linux/x64', ['linux-x64.node']],
    ['linux', 'arm64', 'linux/arm64', ['linux-arm64.node']],
    ['win', 'x64', 'win32/x64', ['win32-x64.node']],
    ['win', 'arm64', 'win32/arm64', ['win32-arm64.node']],
    ['mac', 'arm64', 'darwin/arm64', ['darwin-arm64.node']],
  ] as const)(
    'ships to %s on %s its own native libraries alone',
    (platform, arch, onnxFolder, sqliteFiles) => {
      const onnx = shipped(platform, arch, ONNX);
      expect(onnx).toContain(`${onnxFolder}/onnxruntime_binding.node`);
      expect(onnx.filter((path) => !path.startsWith(`${onnxFolder}/`))).toEqual([]);
      expect(onnx).toHaveLength(readdirSync(join(ROOT, ONNX, onnxFolder)).length);
      expect(shipped(platform, arch, SQLITE)).toEqual(sqliteFiles);
    },
  );

  test('builds for every architecture that those tests cover, and no other', () => {
    const targets = (['linux', 'win', 'mac'] as const).flatMap((platform) =>
      config[platform].target.flatMap(({ arch }) => arch.map((name) => `${platform} ${name}`)),
    );
    expect([...new Set(targets)].sort()).toEqual([
      'linux arm64',
      'linux x64',
      'mac arm64',
      'win arm64',
      'win x64',
    ]);
  });

  test('keeps native libraries outside the archive', () => {
    const matcher = new FileMatcher(ROOT, ROOT, (pattern: string) => pattern, [...config.asarUnpack]);
    const unpacked = matcher.createFilter();
    for (const path of [`${ONNX}/linux/x64/libonnxruntime.so.1`, `${SQLITE}/linux-x64.node`]) {
      expect(unpacked(join(ROOT, path), lstatSync(join(ROOT, path)))).toBe(true);
    }
  });
});
