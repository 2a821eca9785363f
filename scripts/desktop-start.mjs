import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** By this the application is told where to note that it has started: what ends it from then on is its own affair. */
const MARK_VARIABLE = 'TRADEBOT_STARTED_FILE';
/** Of what it complains, so much is kept to tell why. */
const KEPT_CHARACTERS = 8_000;
/** A slow Mac looks through a program that it has not seen before; what takes longer than this is stuck. */
const START_LIMIT_MS = 60_000;
/** What does not end when it is asked to is ended. */
const END_LIMIT_MS = 5_000;
/** By these Electron would be something else: editors leave them behind in their terminals. */
const MISLEADING = ['ELECTRON_RUN_AS_NODE', 'ELECTRON_NO_ATTACH_CONSOLE'];

const REASONS = [
  [
    /no usable sandbox|SUID sandbox|unprivileged user namespaces|setuid_sandbox/i,
    'this system forbids Electron its sandbox (Ubuntu 23.10 and later do; docs/packaging.md says how to allow it)',
  ],
  [/(lib[\w+.-]+\.so[\w.]*): cannot open shared object file/, (library) => `the system lacks ${library}`],
  [/cannot open display|Missing X server|ozone_platform/i, 'the display cannot be used'],
];

/**
 * Runs the desktop application to its end. Where it dies before it has started, or does not come to it, with a window or
 * without, that is told, so that the same program can be shown in the browser.
 *
 * @param {string} command Electron's binary. @param {readonly string[]} args
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {number} startLimitMs so long it may take to start.
 * @returns {Promise<{ kind: 'ended', code: number } | { kind: 'fell', reason: string }>}
 */
export async function runDesktop(command, args, environment, startLimitMs = START_LIMIT_MS) {
  const folder = temporaryFolder();
  const mark = folder === null ? null : join(folder, 'started');
  // Without a place for the mark an end without a failure is one of the application's own.
  const hasStarted = (code) => (mark === null ? code === 0 : existsSync(mark));
  const own = Object.fromEntries(Object.entries(environment).filter(([name]) => !MISLEADING.includes(name)));
  const env = mark === null ? own : { ...own, [MARK_VARIABLE]: mark };
  const isStuck = () => mark !== null && !existsSync(mark);
  try {
    const end = await ended(() => start(command, args, env), isStuck, startLimitMs);
    if (end.told || hasStarted(end.code)) return { kind: 'ended', code: end.code ?? 1 };
    if (end.wasStuck)
      return { kind: 'fell', reason: `Electron has not started within ${startLimitMs / 1000} s` };
    return { kind: 'fell', reason: `Electron ${reasonOf(end)}` };
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** Null where the system has no place for temporary files that can be written. */
function temporaryFolder() {
  try {
    return mkdtempSync(join(tmpdir(), 'tradebot-start-'));
  } catch {
    return null;
  }
}

const start = (command, args, env) => spawn(command, args, { stdio: ['inherit', 'inherit', 'pipe'], env });

function ended(startChild, isStuck, startLimitMs) {
  return new Promise((resolve) => {
    let child;
    try {
      child = startChild();
    } catch (error) {
      // Some refusals of the system come at once, as that of a program for another processor does on macOS and Windows.
      resolve({ code: 1, signal: null, told: false, wasStuck: false, complaints: error.message });
      return;
    }
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      process.stderr.write(chunk);
      complaints = `${complaints}${chunk}`.slice(-KEPT_CHARACTERS);
    });
    let wasStuck = false;
    let ending;
    const starting = setTimeout(() => {
      if (!isStuck()) return;
      wasStuck = true;
      child.kill('SIGTERM');
      ending = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
    }, startLimitMs);
    // Ctrl-C reaches both; what reaches this process alone is passed on. The application takes its time to end.
    let told = false;
    const listeners = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
      const listener = () => {
        told = true;
        if (signal !== 'SIGINT') child.kill(signal);
      };
      process.on(signal, listener);
      return () => process.removeListener(signal, listener);
    });
    const done = (end) => {
      for (const timer of [starting, ending]) clearTimeout(timer);
      for (const forget of listeners) forget();
      resolve({ told, wasStuck, complaints, ...end });
    };
    child.on('error', (error) => done({ code: 1, signal: null, complaints: error.message }));
    child.on('close', (code, signal) => done({ code, signal }));
  });
}

function reasonOf({ code, signal, complaints }) {
  for (const [pattern, words] of REASONS) {
    const found = pattern.exec(complaints);
    if (found !== null)
      return `has died at its start: ${typeof words === 'string' ? words : words(found[1])}`;
  }
  if (code === 0) return 'has ended without having started';
  const last = complaints.trim().split('\n').at(-1)?.trim().slice(0, 200);
  const how = signal === null ? `with ${code}` : `by ${signal}`;
  return `has died at its start ${how}${last ? ` (${last})` : ''}`;
}
