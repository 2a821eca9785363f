import { glibcVersion, type Machine, modelsObstacle, thisMachine } from '../../core/platform/index.ts';

type Kind = Pick<Machine, 'platform' | 'arch' | 'release'>;

interface Need {
  /** What these tests cannot do without, as a line says it. */
  readonly what: string;
  readonly isLacking: (machine: Kind, glibc: string | undefined) => boolean;
  /** Test files, and those of the browser tests. */
  readonly files: readonly string[];
}

/** What some of the systems lack by their nature: the tests that need it are left out there, and that is told. */
export const NEEDS: readonly Need[] = [
  {
    what: 'a runtime for the models',
    isLacking: (machine, glibc) => modelsObstacle(machine, glibc) !== null,
    files: [
      'core/engine/volatility/volatility-watch.test.ts',
      'core/inference/bench.test.ts',
      'core/inference/historical-ensemble.test.ts',
      'core/inference/model-registry.test.ts',
      'core/inference/model-runner.test.ts',
      'core/inference/parity.test.ts',
      'core/inference/shipped-models.test.ts',
      'core/inference/volatility/shipped-volatility.test.ts',
      'tests/integration/models.test.ts',
    ],
  },
  {
    what: 'a PostgreSQL from npm',
    isLacking: ({ platform, arch }) => platform === 'win32' && arch !== 'x64',
    files: ['tests/integration/timescale-attacks.test.ts', 'tests/integration/timescale.test.ts'],
  },
  {
    what: 'signals that a program can be held up by, hear and die by',
    isLacking: ({ platform }) => platform === 'win32',
    files: [
      'tests/browser/desktop-parts.spec.ts',
      'tests/browser/desktop.spec.ts',
      'tests/chaos-venue/run-seed.test.ts',
      'tests/integration/giving-up.test.ts',
      'tests/integration/guardian.test.ts',
      'tests/integration/kill-desktop.test.ts',
      'tests/integration/kill-outside.test.ts',
      'tests/venue/serve.test.ts',
    ],
  },
];

/** The test files that are left out on a machine; on most none are. */
export function leftOut(machine: Kind = thisMachine(), glibc = glibcVersion()): readonly string[] {
  return NEEDS.flatMap(({ isLacking, files }) => (isLacking(machine, glibc) ? files : []));
}

/** Which those are and why, a line for each reason. */
export function leftOutLines(machine: Kind = thisMachine(), glibc = glibcVersion()): readonly string[] {
  return NEEDS.filter(({ isLacking }) => isLacking(machine, glibc)).map(
    ({ what, files }) => `Left out, since this system has not got ${what}: ${files.join(', ')}`,
  );
}
