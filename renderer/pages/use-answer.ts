import { useEffect, useState } from 'react';
import type { MethodName, MethodParams, MethodResult } from '../../core/contract/index.ts';
import { failureText } from '../program/commands.ts';
import { useHost } from '../program/host-context.ts';
import { useConnection, useStartup } from '../stores/index.ts';

export interface Answer<N extends MethodName> {
  /** Null until it has come. */
  readonly answer: MethodResult<N> | null;
  readonly failure: string | null;
  /** Shows another answer of the same method, such as the one to a change. */
  readonly replace: (answer: MethodResult<N>) => void;
}

/**
 * Asks the program when the page opens, when the connection comes back, when another engine runs, when the question or the `occasion` changes,
 * and again every `refreshMs` while the page is open. A failure keeps what was shown.
 */
export function useAnswer<N extends MethodName>(
  method: N,
  params: MethodParams<N>,
  refreshMs?: number,
  occasion?: string,
): Answer<N> {
  const host = useHost();
  const connected = useConnection(({ state }) => state.kind === 'connected');
  // What was asked of one engine is out of date when the next one runs.
  const run = useStartup(({ content }) => content?.run);
  // As text, which tells one question from another whatever object it comes in.
  const question = JSON.stringify({ run, params });
  // Another occasion asks again, and meanwhile the last answer stands.
  const asked = JSON.stringify({ params, run, occasion });
  const [shown, setShown] = useState<{ readonly question: string; readonly answer: MethodResult<N> } | null>(
    null,
  );
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (!connected) return;
    let current = true;
    const ask = async (): Promise<void> => {
      try {
        const { params: given } = JSON.parse(asked) as { readonly params: MethodParams<N> }; // written above
        const answer = await host.call(method, given);
        if (!current) return;
        setShown({ question, answer });
        setFailure(null);
      } catch (error) {
        if (current) setFailure(failureText(error));
      }
    };
    void ask();
    const timer = refreshMs === undefined ? undefined : setInterval(() => void ask(), refreshMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [host, connected, method, question, asked, refreshMs]);
  return {
    answer: shown?.question === question ? shown.answer : null,
    failure,
    replace: (answer) => setShown({ question, answer }),
  };
}
