import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const LIMIT_MS = 60_000;

/** What a violation looks like: the rule, the file that breaks it, its text, and what it must not reach. */
const VIOLATIONS: readonly (readonly [rule: string, from: string, source: string, to: string])[] = [
  ['contract-imports-nothing', 'core/contract/bad.ts', "import '../domain/good.ts'", 'core/domain/good.ts'],
  ['contract-uses-only-its-schema-library', 'core/contract/node.ts', "import 'node:fs'", 'fs'],
  ['domain-imports-contract', 'core/domain/bad.ts', "import '../market/good.ts'", 'core/market/good.ts'],
  ['domain-uses-only-decimals', 'core/domain/pg.ts', "import 'pg'", 'node_modules/pg/'],
  ['domain-uses-only-decimals', 'core/domain/node.ts', "import 'node:fs'", 'fs'],
  ['platform-knows-no-step', 'core/platform/bad.ts', "import '../domain/good.ts'", 'core/domain/good.ts'],
  ['platform-uses-only-node', 'core/platform/pg.ts', "import 'pg'", 'node_modules/pg/'],
  [
    'domain-imports-contract',
    'core/domain/system.ts',
    "import '../platform/good.ts'",
    'core/platform/good.ts',
  ],
  ['steps-never-meet', 'core/market/bad.ts', "import '../safety/good.ts'", 'core/safety/good.ts'],
  ['steps-never-meet', 'core/alerts/bad.ts', "import '../monitoring/good.ts'", 'core/monitoring/good.ts'],
  [
    'steps-never-meet',
    'core/safety/bad.ts',
    "import type { a } from '../engine/good.ts'",
    'core/engine/good.ts',
  ],
  ['engine-composes-steps', 'core/engine/bad.ts', "import '../backtest/good.ts'", 'core/backtest/good.ts'],
  ['backtest-uses-engine', 'core/backtest/bad.ts', "import '../server/good.ts'", 'core/server/good.ts'],
  ['server-uses-engine', 'core/server/bad.ts', "import '../storage/good.ts'", 'core/storage/good.ts'],
  ['server-uses-engine', 'core/server/cli.ts', "import '../cli/good.ts'", 'core/cli/good.ts'],
  ['cli-uses-engine', 'core/cli/bad.ts', "import '../agents/good.ts'", 'core/agents/good.ts'],
  ['engine-composes-steps', 'core/engine/tools.ts', "import '../research/good.ts'", 'core/research/good.ts'],
  ['research-uses-steps-and-engine', 'core/research/bad.ts', "import '../cli/good.ts'", 'core/cli/good.ts'],
  ['guardian-watches-alone', 'core/guardian/bad.ts', "import '../engine/good.ts'", 'core/engine/good.ts'],
  ['guardian-watches-alone', 'core/guardian/steps.ts', "import '../safety/good.ts'", 'core/safety/good.ts'],
  ['backtest-uses-engine', 'core/backtest/steps.ts', "import '../market/good.ts'", 'core/market/good.ts'],
  ['electron-uses-engine', 'electron/bad.ts', "import '../core/research/good.ts'", 'core/research/good.ts'],
  ['renderer-goes-one-way', 'renderer/stores/bad.ts', "import '../pages/good.ts'", 'renderer/pages/good.ts'],
  ['renderer-goes-one-way', 'renderer/chart/bad.ts', "import '../shell/good.ts'", 'renderer/shell/good.ts'],
  ['renderer-imports-contract', 'renderer/bad.tsx', "import '../core/domain/good.ts'", 'core/domain/good.ts'],
  ['renderer-runs-in-a-browser', 'renderer/node.ts', "import 'node:fs'", 'fs'],
  ['core-has-no-other-folder', 'core/utils/bad.ts', "import '../domain/good.ts'", 'core/domain/good.ts'],
  ['only-electron-imports-electron', 'core/server/window.ts', "import 'electron'", 'node_modules/electron/'],
  ['no-tests-in-production', 'core/safety/tested.ts', "import './good.test.ts'", 'core/safety/good.test.ts'],
  [
    'no-tests-in-production',
    'core/safety/faked.ts',
    "import './testing/fake.ts'",
    'core/safety/testing/fake.ts',
  ],
  ['no-circles', 'core/domain/loop.ts', "import './pool.ts'", 'core/domain/pool.ts'],
  ['resolvable', 'core/domain/lost.ts', "import './nowhere.ts'", './nowhere.ts'],
];

/** What every layer may do, the `run` command's import of the host and the tests' freedom included. */
const ALLOWED: Readonly<Record<string, string>> = {
  'core/contract/good.ts': "import 'zod'",
  'core/domain/good.ts': "import '../contract/good.ts'; import 'decimal.js'",
  'core/market/good.ts': "import '../domain/good.ts'; import './inner.ts'; import 'node:fs'",
  'core/market/inner.ts': "import '../contract/good.ts'",
  'core/platform/good.ts': "import 'node:fs'",
  'core/safety/good.ts': "import '../domain/good.ts'; import '../platform/good.ts'",
  'core/safety/good.test.ts': "import '../market/good.ts'; import '../../tests/helper.ts'",
  'core/agents/good.ts': "import '../domain/good.ts'",
  'core/storage/good.ts': "import 'better-sqlite3'",
  'core/engine/good.ts':
    "import '../market/good.ts'; import '../safety/good.ts'; import '../guardian/good.ts'",
  'core/backtest/good.ts': "import '../engine/good.ts'; import '../portfolio/good.ts'",
  'core/guardian/good.ts': "import '../domain/good.ts'; import '../contract/good.ts'",
  'core/monitoring/good.ts': "import '../domain/good.ts'",
  'core/alerts/good.ts': "import '../domain/good.ts'",
  'core/portfolio/good.ts': "import '../domain/good.ts'",
  'core/research/good.ts': "import '../engine/good.ts'; import '../market/good.ts'",
  'core/safety/testing/fake.ts': "import '../../market/good.ts'",
  'core/server/good.ts': "import '../engine/good.ts'; import '../backtest/good.ts'",
  'core/cli/good.ts':
    "import '../server/good.ts'; import '../backtest/good.ts'; import '../research/good.ts'",
  'electron/good.ts': "import 'electron'; import '../core/engine/good.ts'; import '../core/server/good.ts'",
  'renderer/good.tsx': "import 'react'; import '../core/contract/good.ts'; import './shell/good.ts'",
  'renderer/shell/good.ts': "import '../pages/good.ts'; import '../stores/good.ts'",
  'renderer/pages/good.ts': "import '../stores/good.ts'",
  'renderer/stores/good.ts': "import '../format/good.ts'",
  'renderer/format/good.ts': '',
  'tests/helper.ts': '',
};

describe('the dependency rule', () => {
  let tree: string;

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'dependency-rule-'));
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'), 'junction');
    plant('package.json', '{ "type": "module" }');
    plant('tsconfig.json', '{ "compilerOptions": { "allowImportingTsExtensions": true, "noEmit": true } }');
  });

  afterEach(() => {
    rmSync(tree, { recursive: true, force: true });
  });

  function plant(path: string, source: string): void {
    const file = join(tree, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, path.endsWith('.json') ? source : `${source};\nexport const a = 1;\n`);
  }

  function plantAllowed(): void {
    for (const [path, source] of Object.entries(ALLOWED)) plant(path, source);
  }

  function check(): { readonly exitCode: number | null; readonly output: string } {
    const script = join(ROOT, 'scripts', 'dependency-rule.mjs');
    const run = spawnSync(process.execPath, [script, tree], { encoding: 'utf8' });
    return { exitCode: run.status, output: run.stdout + run.stderr };
  }

  test('lets every layer import what it may', { timeout: LIMIT_MS }, () => {
    plantAllowed();
    expect(check()).toEqual({ exitCode: 0, output: '25 modules, 0 violations\n' });
  });

  test('catches a planted violation of each kind', { timeout: LIMIT_MS }, () => {
    plantAllowed();
    plant('core/domain/pool.ts', "import './loop.ts'");
    for (const [, from, source] of VIOLATIONS) plant(from, source);

    const { exitCode, output } = check();

    expect(exitCode).toBe(1);
    const lines = output.split('\n');
    const missed = VIOLATIONS.filter(([rule, from, , to]) => {
      const wanted = `error: ${rule}: ${from} -> `;
      return !lines.some((line) => line.startsWith(wanted) && line.slice(wanted.length).includes(to));
    });
    expect(missed).toEqual([]);
  });

  test('fails when there is nothing to read', () => {
    const { exitCode, output } = check();
    expect(exitCode).toBe(1);
    expect(output).toContain('no module was read');
  });
});
