import { useCallback, useEffect, useMemo, useState } from 'react';
import type { DecisionView } from '../../../core/contract/index.ts';
import type { HostConnection } from '../../host/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useDecisions } from '../../stores/index.ts';
import { type DecisionFilter, joinDecisions } from './decision-filter.ts';

const PAGE = 200;
/** A search is sent when the trader stops typing. */
const SEARCH_DELAY_MS = 250;
const NONE: readonly DecisionView[] = [];

export interface DecisionSearch {
  readonly decisions: readonly DecisionView[];
  readonly failure: string | null;
  readonly more: boolean;
  loadOlder(): void;
}

/** Decisions of history and of now that pass a filter, newest first. */
export function useDecisionSearch(filter: DecisionFilter): DecisionSearch {
  const host = useHost();
  const live = useDecisions(({ content }) => content) ?? NONE;
  const [found, setFound] = useState<readonly DecisionView[]>(NONE);
  const [more, setMore] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const load = useCallback(
    async (before: number | undefined, current: () => boolean): Promise<void> => {
      try {
        const page = await ask(host, filter, before);
        if (!current()) return;
        setFound((known) => (before === undefined ? page : [...known, ...page]));
        setMore(page.length === PAGE);
        setFailure(null);
      } catch (error) {
        if (current()) setFailure(failureText(error));
      }
    },
    [host, filter],
  );
  useEffect(() => {
    let current = true;
    const timer = setTimeout(
      () => void load(undefined, () => current),
      filter.search === '' ? 0 : SEARCH_DELAY_MS,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [load, filter.search]);

  const decisions = useMemo(() => joinDecisions(found, live, filter), [found, live, filter]);
  // Several symbols are decided on in the same millisecond: the last one's neighbours are asked for again.
  const last = decisions.at(-1);
  const loadOlder = (): void => void load(last === undefined ? undefined : last.time + 1, () => true);
  return { decisions, failure, more, loadOlder };
}

function ask(
  host: HostConnection,
  filter: DecisionFilter,
  before: number | undefined,
): Promise<readonly DecisionView[]> {
  const search = filter.search.trim();
  return host.call('decisions.list', {
    limit: PAGE,
    ...(filter.symbol === null ? {} : { symbol: filter.symbol }),
    ...(filter.outcome === null ? {} : { outcome: filter.outcome }),
    ...(search === '' ? {} : { search }),
    ...(before === undefined ? {} : { before }),
  });
}

/** One decision: from what is known already, else asked for. Null while it is on its way. */
export function useDecision(
  id: string | null,
  known: readonly DecisionView[],
): { readonly decision: DecisionView | null; readonly failure: string | null } {
  const host = useHost();
  const [fetched, setFetched] = useState<DecisionView | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const listed = known.find((decision) => decision.id === id);
  const missing = id !== null && listed === undefined && fetched?.id !== id;
  useEffect(() => {
    if (!missing) return;
    let current = true;
    const fetchOne = async (): Promise<void> => {
      try {
        const decision = await host.call('decisions.get', { id });
        if (current) setFetched(decision);
      } catch (error) {
        if (current) setFailure(failureText(error));
      }
    };
    setFailure(null);
    void fetchOne();
    return () => {
      current = false;
    };
  }, [host, id, missing]);
  return { decision: listed ?? (fetched?.id === id ? fetched : null), failure: missing ? failure : null };
}
