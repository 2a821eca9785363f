import type { Command } from 'commander';
import {
  isHeldByProgram,
  type KillTarget,
  killTargets,
  MACHINE_CLOCK,
  ownRuntimeFolders,
  requestStop,
  SYSTEM_TIMERS,
  withdrawStop,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf } from '../context.ts';
import { EXIT } from '../failure.ts';

/** A venue may take its time to answer what was asked before. */
const ENDS_WITHIN_MS = 60_000;
const LOOK_MS = 100;

/** `tradebot stop`: what Ctrl-C does, from elsewhere, also under Windows, where no program can send that to another. */
export function registerStop(program: Command, context: CommandContext): void {
  program
    .command('stop')
    .description('end every program of this user as Ctrl-C does; orders and positions stay as they are')
    .action(() => stop(context));
}

async function stop(context: CommandContext): Promise<void> {
  const { terminal } = context;
  const usual = dataDirectoryOf(context);
  const named = context.globals().dataDir;
  const folders = ownRuntimeFolders(context.environment);
  const { targets, others } = killTargets({
    folders,
    directory: named === undefined ? undefined : usual,
    usual,
  });
  const running = targets.filter(({ directory }) => isHeldByProgram(directory));
  if (running.length === 0)
    terminal.print(`No program runs${named === undefined ? '' : ` on ${usual}`}: there is nothing to stop.`);
  const ended = await Promise.all(running.map((target) => end(target, context)));
  for (const other of others) terminal.print(`Not stopped, since --data-dir names another: ${other}`);
  if (ended.includes(false)) context.exitWith(EXIT.failed);
}

/** Whether it has ended. */
async function end({ directory, instance }: KillTarget, { terminal }: CommandContext): Promise<boolean> {
  const advice = 'end it by hand, or close everything at once with: tradebot kill';
  if (instance === undefined) {
    terminal.print(`${directory}: a program holds it and says nothing of itself: ${advice}`);
    return false;
  }
  requestStop(directory, instance.pid, MACHINE_CLOCK.now());
  const until = SYSTEM_TIMERS.monotonicMs() + ENDS_WITHIN_MS;
  while (SYSTEM_TIMERS.monotonicMs() < until) {
    if (!isHeldByProgram(directory)) {
      withdrawStop(directory);
      terminal.print(`${directory}: stopped. Orders and positions are kept as they are.`);
      return true;
    }
    await SYSTEM_TIMERS.wait(LOOK_MS);
  }
  withdrawStop(directory);
  terminal.print(
    `${directory}: the process ${instance.pid} has not ended within ${ENDS_WITHIN_MS / 1000} s: ${advice}`,
  );
  return false;
}
