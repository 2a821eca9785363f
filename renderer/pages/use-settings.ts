import { useEffect, useState } from 'react';
import type { Settings } from '../../core/contract/index.ts';
import { useHost } from '../host-context.ts';
import { failureText } from '../shell/commands.ts';
import { useConnection } from '../stores/index.ts';

/** The program's settings, asked for whenever the connection comes (back). Secrets are never among them. */
export function useSettings(): { readonly settings: Settings | null; readonly failure: string | null } {
  const host = useHost();
  const connected = useConnection(({ state }) => state.kind === 'connected');
  const [settings, setSettings] = useState<Settings | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (!connected) return;
    let current = true;
    const load = async (): Promise<void> => {
      try {
        const loaded = await host.call('settings.get', {});
        if (!current) return;
        setSettings(loaded);
        setFailure(null);
      } catch (error) {
        if (current) setFailure(failureText(error));
      }
    };
    void load();
    return () => {
      current = false;
    };
  }, [host, connected]);
  return { settings, failure };
}
