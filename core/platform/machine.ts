import { homedir, release, tmpdir, userInfo } from 'node:os';
import { parse, posix } from 'node:path';

export type Platform = NodeJS.Platform;
export type Environment = Readonly<Record<string, string | undefined>>;

/** What differs from machine to machine, as a value: a test passes in another. */
export interface Machine {
  readonly platform: Platform;
  /** Of the processor as Node names it: `x64`, `arm64`. */
  readonly arch: string;
  /** The kernel's version. */
  readonly release: string;
  readonly environment: Environment;
  /** The user's home folder. */
  readonly home: string;
  /** The system's folder for temporary files. */
  readonly temporary: string;
  /** The user's number; undefined where users have none. */
  readonly userId: number | undefined;
}

/** This machine: the one place that asks the system what it is. */
export function thisMachine(environment: Environment = process.env): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    release: release(),
    environment,
    // The environment may name none, or one that would be another for each place that a program is started from.
    home: firstWhole([homedir, () => userInfo().homedir]),
    temporary: firstWhole([tmpdir, () => (process.platform === 'win32' ? userInfo().homedir : '/tmp')]),
    userId: process.getuid?.(),
  };
}

/**
 * Whether a path names the same place wherever a program is started from; under Windows one without its drive does not.
 */
export function isWhole(path: string, platform: Platform): boolean {
  return platform === 'win32' ? /^([a-z]:[\\/]|[\\/]{2})/i.test(path) : posix.isAbsolute(path);
}

/** The first answer that is a whole path; where none is, the root, in which whoever writes is told that he may not. */
export function firstWhole(answers: readonly (() => string)[]): string {
  for (const answer of answers) {
    try {
      const path = answer();
      if (isWhole(path, process.platform)) return path;
    } catch {
      // A user whom the system has no entry for, as in some containers, has no home.
    }
  }
  return parse(process.cwd()).root;
}

/** The platform that this process runs on, for whoever needs nothing else of it. */
export const PLATFORM: Platform = process.platform;

/** The C library's version where that is glibc, such as `2.36`; undefined anywhere else. Takes some milliseconds. */
export function glibcVersion(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  // Else it looks up the names of every open connection first.
  Object.assign(process.report, { excludeNetwork: true });
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('header' in report)) return undefined;
  const { header } = report;
  if (typeof header !== 'object' || header === null || !('glibcVersionRuntime' in header)) return undefined;
  return typeof header.glibcVersionRuntime === 'string' ? header.glibcVersionRuntime : undefined;
}
