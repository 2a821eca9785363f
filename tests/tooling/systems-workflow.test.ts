import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { TARGETS, targetName } from '../../scripts/native-parts.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Step {
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'continue-on-error'?: unknown;
}
interface Job {
  readonly 'runs-on': string;
  readonly 'timeout-minutes': number;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly 'continue-on-error'?: unknown;
  readonly strategy: {
    readonly 'fail-fast': boolean;
    readonly matrix: { readonly include: readonly { readonly target: string; readonly runner: string }[] };
  };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const text = read('.github/workflows/systems.yml');
const workflow = load(text) as Workflow;
const jobs = Object.values(workflow.jobs);
const [job] = jobs;
if (job === undefined) throw new TypeError('there is no job');
const { include } = job.strategy.matrix;
const commands = job.steps.flatMap(({ run }) => run ?? []);

/** What a runner of this name is, by the words of the service that runs it. */
function machineOf(runner: string): string {
  const [system = ''] = runner.split('-');
  const platform = { windows: 'win32', macos: 'darwin', ubuntu: 'linux' }[system];
  // Apple's processors are the usual ones there, Intel's and ARM's are named.
  const isArm = system === 'macos' ? !runner.endsWith('-intel') : runner.endsWith('-arm');
  return `${platform}-${isArm ? 'arm64' : 'x64'}`;
}

describe('the workflow of every system', () => {
  test('has a machine of its own kind for each package', () => {
    expect(jobs).toHaveLength(1);
    expect(include.map(({ target }) => target)).toEqual(TARGETS.map(targetName));
    for (const { target, runner } of include) expect([runner, machineOf(runner)]).toEqual([runner, target]);
    expect(job['runs-on']).toBe(['$', '{{ matrix.runner }}'].join(''));
    // A name such as "latest" is another system one day.
    expect(include.filter(({ runner }) => runner.includes('latest'))).toEqual([]);
  });

  test('runs what a developer runs, then makes the package', () => {
    const order = ['npm ci', 'npm test', 'npm run package'];
    const places = order.map((command) => commands.findIndex((each) => each.startsWith(command)));
    expect(places).not.toContain(-1);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
    expect(commands).toContain('npm ci');
    expect(commands).toContain('npm test');
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['test', 'package']));
  });

  test('runs every command by a shell that hands on all its words, on Windows as well', () => {
    expect(job.defaults.run.shell).toBe('bash');
    expect(text.match(/shell:/g)).toHaveLength(1);
  });

  test('lets no failure pass, and one system stops no other', () => {
    expect(text).not.toContain('continue-on-error');
    expect(text).not.toMatch(/\|\| true|exit 0/);
    expect(job.strategy['fail-fast']).toBe(false);
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    const upload = job.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
    expect(upload?.with?.['if-no-files-found']).toBe('error');
  });

  test('may only read, and knows secrets by their names alone', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    // Strangers' code runs without them: never with what pull_request_target gives.
    expect(Object.keys(workflow.on)).toEqual(['push', 'pull_request', 'workflow_dispatch']);
    const checkout = job.steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkout?.with).toEqual({ 'persist-credentials': false });
    const values = job.steps.flatMap(({ env = {} }) => Object.entries(env));
    expect(values.filter(([, value]) => !/^\$\{\{.*secrets\.[A-Z0-9_]+.*\}\}$/.test(value))).toEqual([]);
    // The command line of a step is in the log.
    expect(commands.filter((command) => command.includes('secrets.'))).toEqual([]);
  });

  test('gives what the packaging asks the environment for', () => {
    const given = new Set(job.steps.flatMap(({ env = {} }) => Object.keys(env)));
    for (const name of [
      'CSC_LINK',
      'CSC_KEY_PASSWORD',
      'WIN_CSC_LINK',
      'WIN_CSC_KEY_PASSWORD',
      'APPLE_API_KEY_ID',
      'APPLE_API_ISSUER',
    ]) {
      expect([name, given.has(name)]).toEqual([name, true]);
      expect(read('docs/packaging.md')).toContain(name);
    }
    expect(text).toContain('APPLE_API_KEY=');
  });

  test('asks no step for a variable of its own, which it does not have yet', () => {
    const conditions = job.steps.flatMap((step) => step.if ?? []);
    expect(conditions.length).toBeGreaterThan(0);
    expect(conditions.filter((condition) => /\b(env|secrets)\./.test(condition))).toEqual([]);
  });

  test('takes the Node of the project', () => {
    const node = job.steps.find(({ uses }) => uses?.startsWith('actions/setup-node@'));
    expect(node?.with).toEqual({ 'node-version-file': '.nvmrc' });
    expect(read('.nvmrc').trim()).toBe('24');
  });
});
