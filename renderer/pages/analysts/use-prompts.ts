import { useCallback, useEffect, useState } from 'react';
import type { MethodName, MethodParams, PromptName, PromptView } from '../../../core/contract/index.ts';
import { useHost } from '../../host-context.ts';
import { failureText } from '../../shell/commands.ts';
import { useConnection, useNotices } from '../../stores/index.ts';

export interface Prompts {
  readonly list: readonly PromptView[] | null;
  readonly failure: string | null;
  /** Resolves to whether it was done; a failure is a notice. */
  readonly save: (name: PromptName, source: string) => Promise<boolean>;
  readonly reset: (name: PromptName) => Promise<boolean>;
}

type PromptMethod = Extract<MethodName, 'prompts.save' | 'prompts.reset'>;

/** The prompts in use, and how to change them: from the next decision on. */
export function usePrompts(): Prompts {
  const host = useHost();
  const connected = useConnection(({ state }) => state.kind === 'connected');
  const say = useNotices(({ add }) => add);
  const [list, setList] = useState<readonly PromptView[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (!connected) return;
    let current = true;
    host.call('prompts.list', {}).then(
      (loaded) => {
        if (!current) return;
        setList(loaded);
        setFailure(null);
      },
      (error: unknown) => {
        if (current) setFailure(failureText(error));
      },
    );
    return () => {
      current = false;
    };
  }, [host, connected]);
  const change = useCallback(
    async <N extends PromptMethod>(method: N, params: MethodParams<N>): Promise<boolean> => {
      try {
        setList(await host.call(method, params));
        return true;
      } catch (error) {
        say('error', `The prompt was not changed: ${failureText(error)}.`);
        return false;
      }
    },
    [host, say],
  );
  return {
    list,
    failure,
    save: (name, source) => change('prompts.save', { name, source }),
    reset: (name) => change('prompts.reset', { name }),
  };
}
