import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** By this the application is told where to note that it has started: what ends it from then on is its own affair. */
const MARK_VARIABLE = 'TRADEBOT_STARTED_FILE';
/** Of what it complains, so much is kept to tell why. */
const KEPT_CHARACTERS = 8_000;

const REASONS = [
  [
    /no usable sandbox|SUID sandbox|unprivileged user namespaces|setuid_sandbox/i,
    'this system forbids Electron its sandbox (Ubuntu 23.10 and later do: an installed package may use it)',
  ],
  [/(lib[\w+.-]+\.so[\w.]*): cannot open shared object file/, (library) => `the system lacks ${library}`],
  [/cannot open display|Missing X server|ozone_platform/i, 'the display cannot be used'],
];

/**
 * Runs the desktop application to its end. Where it dies before it has started, with a window or without, that is told,
 * so that the same program can be shown in the browser.
 *
 * @param {string} command Electron's binary. @param {readonly string[]} args
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {Promise<{ kind: 'ended', code: number } | { kind: 'fell', reason: string }>}
 */
export async function runDesktop(command, args, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-start-'));
  const mark = join(folder, 'started');
  try {
    const end = await ended(command, args, { ...environment, [MARK_VARIABLE]: mark });
    if (end.told || end.code === 0 || existsSync(mark)) return { kind: 'ended', code: end.code ?? 1 };
    return { kind: 'fell', reason: `Electron ${reasonOf(end)}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ended(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['inherit', 'inherit', 'pipe'], env });
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      process.stderr.write(chunk);
      complaints = `${complaints}${chunk}`.slice(-KEPT_CHARACTERS);
    });
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
      for (const forget of listeners) forget();
      resolve({ told, complaints, ...end });
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
  const last = complaints.trim().split('\n').at(-1)?.trim().slice(0, 200);
  const how = signal === null ? `with ${code}` : `by ${signal}`;
  return `has died at its start ${how}${last ? ` (${last})` : ''}`;
}
