import { useMemo } from 'react';
import type { MethodName, MethodParams, MethodResult } from '../../core/contract/index.ts';
import type { HostConnection } from '../host/index.ts';
import { useNotices, useStatus } from '../stores/index.ts';
import { useHost } from './host-context.ts';

/** What to say about a failure, whatever was thrown. */
export function failureText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the trader can tell the program to do. A failure is a notice, and makes the promise `false`. */
export interface Commands {
  pause(): Promise<boolean>;
  resume(): Promise<boolean>;
  /** Never asks. */
  emergencyStop(): Promise<boolean>;
}

const KILL_ANYWAY = 'Run “tradebot kill” in a terminal: it works without this window.';

export function commandsOf(host: HostConnection): Commands {
  const say = useNotices.getState().add;
  const attempt = async <N extends MethodName>(
    failed: string,
    method: N,
    params: MethodParams<N>,
    then: (result: MethodResult<N>) => void,
  ): Promise<boolean> => {
    try {
      then(await host.call(method, params));
      return true;
    } catch (error) {
      const urgent = method === 'killSwitch.activate' ? ` ${KILL_ANYWAY}` : '';
      say('error', `${failed}: ${failureText(error)}.${urgent}`);
      return false;
    }
  };
  const setStatus = (status: MethodResult<'status.get'>): void =>
    useStatus.getState().apply({ kind: 'update', content: status });
  return {
    pause: () => attempt('Trading was not paused', 'trading.pause', { from: 'button' }, setStatus),
    resume: () => attempt('Trading was not resumed', 'trading.resume', { from: 'button' }, setStatus),
    emergencyStop: () =>
      attempt(
        'The emergency stop was not confirmed',
        'killSwitch.activate',
        { from: 'button' },
        (killSwitch) => {
          const status = useStatus.getState().content;
          if (status !== null) setStatus({ ...status, killSwitch });
        },
      ),
  };
}

export function useCommands(): Commands {
  const host = useHost();
  return useMemo(() => commandsOf(host), [host]);
}
