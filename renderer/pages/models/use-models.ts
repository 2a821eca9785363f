import { useCallback, useEffect, useState } from 'react';
import type { ModelsView } from '../../../core/contract/index.ts';
import { useHost } from '../../host-context.ts';
import { failureText } from '../../shell/commands.ts';
import { useConnection, useNotices } from '../../stores/index.ts';

/** Drift and live calibration move with the bars, not with the clock's hand. */
const REFRESH_MS = 10_000;

export interface Models {
  readonly view: ModelsView | null;
  readonly failure: string | null;
  /** Makes another installed set answer from the next bar on. */
  readonly use: (setId: string) => Promise<void>;
}

/** The models as they are now, asked for again every ten seconds while the page is open. */
export function useModels(): Models {
  const host = useHost();
  const connected = useConnection(({ state }) => state.kind === 'connected');
  const say = useNotices(({ add }) => add);
  const [view, setView] = useState<ModelsView | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (!connected) return;
    let current = true;
    const load = async (): Promise<void> => {
      try {
        const loaded = await host.call('models.get', {});
        if (!current) return;
        setView(loaded);
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
  const use = useCallback(
    async (setId: string): Promise<void> => {
      try {
        setView(await host.call('models.use', { setId }));
        say('info', `Model set ${setId} answers from the next bar on.`);
      } catch (error) {
        say('error', `The model set was not changed: ${failureText(error)}.`);
      }
    },
    [host, say],
  );
  return { view, failure, use };
}
