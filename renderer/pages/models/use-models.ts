import type { ModelsView } from '../../../core/contract/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useNotices } from '../../stores/index.ts';
import { useAnswer } from '../use-answer.ts';

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
  const say = useNotices(({ add }) => add);
  const { answer, failure, replace } = useAnswer('models.get', {}, REFRESH_MS);
  const use = async (setId: string): Promise<void> => {
    try {
      replace(await host.call('models.use', { setId }));
      say('info', `Model set ${setId} answers from the next bar on.`);
    } catch (error) {
      say('error', `The model set was not changed: ${failureText(error)}.`);
    }
  };
  return { view: answer, failure, use };
}
