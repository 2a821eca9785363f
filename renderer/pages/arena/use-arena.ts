import { useCallback, useEffect, useState } from 'react';
import type { ContenderView } from '../../../core/contract/index.ts';
import { useHost } from '../../host-context.ts';
import { failureText } from '../../shell/commands.ts';
import { useConnection, useNotices } from '../../stores/index.ts';

/** Accounts change with the bars. */
const REFRESH_MS = 3_000;

export interface ArenaFigures {
  readonly contenders: readonly ContenderView[] | null;
  readonly failure: string | null;
  /** Resolves to whether it was done; a failure is a notice. */
  readonly promote: (name: string) => Promise<boolean>;
}

/** The contenders' accounts, asked for again every three seconds while the page is open. */
export function useArena(): ArenaFigures {
  const host = useHost();
  const connected = useConnection(({ state }) => state.kind === 'connected');
  const say = useNotices(({ add }) => add);
  const [contenders, setContenders] = useState<readonly ContenderView[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (!connected) return;
    let current = true;
    const load = async (): Promise<void> => {
      try {
        const loaded = await host.call('arena.get', {});
        if (!current) return;
        setContenders(loaded);
        setFailure(null);
      } catch (error) {
        if (current) setFailure(failureText(error));
      }
    };
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [host, connected]);
  const promote = useCallback(
    async (name: string): Promise<boolean> => {
      try {
        setContenders(await host.call('arena.promote', { name, confirmation: 'PROMOTE' }));
        return true;
      } catch (error) {
        say('error', `${name} was not promoted: ${failureText(error)}.`);
        return false;
      }
    },
    [host, say],
  );
  return { contenders, failure, promote };
}
