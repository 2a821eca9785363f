import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Runs a program until it has printed so many lines, then kills it without warning (SIGKILL).
 *
 * @returns every line it managed to print, and its process id.
 * @throws an error with what it said on stderr when it ended by itself.
 */
export async function runAndKill(
  script: string,
  args: readonly string[],
  afterLines: number,
  whileRunning: (pid: number) => void = () => undefined,
): Promise<{ readonly lines: readonly string[]; readonly pid: number }> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  child.stderr.on('data', (text: Buffer) => complaints.push(text.toString()));
  const closed = once(child, 'close');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length !== afterLines) continue;
    whileRunning(child.pid ?? 0);
    child.kill('SIGKILL');
  }
  const [, signal] = await closed;
  if (signal !== 'SIGKILL') throw new Error(`${script} ended by itself: ${complaints.join('')}`);
  return { lines, pid: child.pid ?? 0 };
}
