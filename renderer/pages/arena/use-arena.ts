import type { ContenderView } from '../../../core/contract/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useNotices } from '../../stores/index.ts';
import { useAnswer } from '../use-answer.ts';

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
  const say = useNotices(({ add }) => add);
  const { answer, failure, replace } = useAnswer('arena.get', {}, REFRESH_MS);
  const promote = async (name: string): Promise<boolean> => {
    try {
      replace(await host.call('arena.promote', { name, confirmation: 'PROMOTE' }));
      return true;
    } catch (error) {
      say('error', `${name} was not promoted: ${failureText(error)}.`);
      return false;
    }
  };
  return { contenders: answer, failure, promote };
}
