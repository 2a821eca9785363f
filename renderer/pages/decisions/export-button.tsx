import type { DecisionView } from '../../../core/contract/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useNotices } from '../../stores/index.ts';
import { saveFile } from '../save-file.ts';

/** Saves a decision with every call behind it as a file. */
export function ExportButton({ decision }: { readonly decision: DecisionView }) {
  const host = useHost();
  const say = useNotices(({ add }) => add);
  const save = async (): Promise<void> => {
    try {
      const calls = await host.call('decisions.calls', { id: decision.id });
      const content = JSON.stringify({ decision, calls }, null, 2);
      const name = decision.id.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
      saveFile(`${name}.json`, 'application/json', content);
    } catch (error) {
      say('error', `The decision was not saved: ${failureText(error)}.`);
    }
  };
  return (
    <button
      type="button"
      className="button button-small"
      data-testid="export-decision"
      onClick={() => void save()}
    >
      Export
    </button>
  );
}
