import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, SerializedError, TestModule, Vitest } from 'vitest/node';

/** What is told of one error. */
const MESSAGE_LINES = 12;
const STACK_LINES = 5;

/** A stage of `npm test` in few words, as `scripts/test.mjs` reads it. */
export interface StageReport {
  readonly passed: number;
  /** Whatever made the run fail: its first line says what and where, the others what was thrown. */
  readonly failures: readonly string[];
}

/**
 * Writes a `StageReport` to `--outputFile.failures`: failed tests, files and groups that failed outside of a test,
 * errors that nobody caught, and what Vitest complained of after the last test, such as a threshold that was not met.
 */
export default class FailureReporter implements Reporter {
  #vitest: Vitest | undefined;
  #report: StageReport = { passed: 0, failures: [] };

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const vitest = this.#vitest;
    if (vitest === undefined) return;
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    this.#report = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failures: [
        ...modules.flatMap(failuresIn),
        ...unhandled.map((error) => unhandledFailure(vitest, error)),
      ],
    };
    this.#write(vitest);
    this.#listen(vitest);
  }

  /** Vitest tells its reporters nothing of what it finds after the run: thresholds, faults while closing. */
  #listen(vitest: Vitest): void {
    const { logger } = vitest;
    const error = logger.error.bind(logger);
    logger.error = (...said: unknown[]) => {
      error(...said);
      const words = said.map((word) => (word instanceof Error ? (word.stack ?? word.message) : String(word)));
      const text = words.join(' ').trim();
      if (text === '') return;
      this.#report = {
        ...this.#report,
        failures: [...this.#report.failures, `after the last test: ${text}`],
      };
      this.#write(vitest);
    };
  }

  #write(vitest: Vitest): void {
    const { outputFile } = vitest.config;
    const path = typeof outputFile === 'object' ? outputFile['failures'] : undefined;
    if (path === undefined) throw new Error('--outputFile.failures says where the failures are written to');
    writeFileSync(path, JSON.stringify(this.#report));
  }
}

function failuresIn(module: TestModule): readonly string[] {
  const file = module.relativeModuleId;
  const tests = [...module.children.allTests('failed')].map((test) =>
    failure(`${file}: ${test.fullName}`, test.result().errors ?? []),
  );
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  const groups = suites.map((suite) => failure(`${file}: around "${suite.fullName}"`, suite.errors()));
  const state = module.state();
  if (state === 'pending' || state === 'queued') return [...tests, ...groups, `${file}: did not end`];
  const own = module.errors().length > 0 ? [failure(`${file}: outside of its tests`, module.errors())] : [];
  return [...own, ...groups, ...tests];
}

function unhandledFailure(vitest: Vitest, error: SerializedError): string {
  const { type, VITEST_TEST_PATH: path, VITEST_TEST_NAME: test } = error;
  const file = typeof path === 'string' ? relative(vitest.config.root, path) : 'no file in particular';
  const during = typeof test === 'string' ? `, while "${test}" ran` : '';
  return failure(`${file}: ${typeof type === 'string' ? type : 'an error nobody caught'}${during}`, [error]);
}

function failure(title: string, errors: readonly SerializedError[]): string {
  return [title, ...errors.flatMap(told).map((line) => `  ${line}`)].join('\n');
}

/** The message, where it was thrown, and the messages of the causes. */
function told(error: SerializedError): readonly string[] {
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = places.filter((line) => !/node_modules|node:internal/.test(line));
  const thrownAt = (own.length > 0 ? own : places).slice(0, STACK_LINES).map((line) => `  ${line.trim()}`);
  const causes: string[] = [];
  for (let { cause } = error; cause !== undefined; { cause } = cause)
    causes.push(...wordsOf(cause).map((line, at) => (at === 0 ? `because of ${line}` : line)));
  return [...wordsOf(error), ...thrownAt, ...causes];
}

function wordsOf({ name = 'Error', message }: SerializedError): readonly string[] {
  return `${name}: ${message}`.split('\n').slice(0, MESSAGE_LINES);
}
