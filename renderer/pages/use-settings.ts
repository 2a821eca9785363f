import type { Settings } from '../../core/contract/index.ts';
import { useAnswer } from './use-answer.ts';

/** The program's settings, asked for whenever the connection comes (back). Secrets are never among them. */
export function useSettings(): { readonly settings: Settings | null; readonly failure: string | null } {
  const { answer, failure } = useAnswer('settings.get', {});
  return { settings: answer, failure };
}
