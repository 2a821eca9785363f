import type { MethodName, MethodParams, PromptName, PromptView } from '../../../core/contract/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useNotices } from '../../stores/index.ts';
import { useAnswer } from '../use-answer.ts';

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
  const say = useNotices(({ add }) => add);
  const { answer, failure, replace } = useAnswer('prompts.list', {});
  const change = async <N extends PromptMethod>(method: N, params: MethodParams<N>): Promise<boolean> => {
    try {
      replace(await host.call(method, params));
      return true;
    } catch (error) {
      say('error', `The prompt was not changed: ${failureText(error)}.`);
      return false;
    }
  };
  return {
    list: answer,
    failure,
    save: (name, source) => change('prompts.save', { name, source }),
    reset: (name) => change('prompts.reset', { name }),
  };
}
