import type { DecisionView } from '../../../core/contract/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useNotices } from '../../stores/index.ts';

/** Saves a decision with every call behind it as a file. */
export function ExportButton({ decision }: { readonly decision: DecisionView }) {
  const host = useHost();
  const say = useNotices(({ add }) => add);
  const save = async (): Promise<void> => {
    try {
      const calls = await host.call('decisions.calls', { id: decision.id });
      const content = JSON.stringify({ decision, calls }, null, 2);
      const url = URL.createObjectURL(new Blob([content], { type: 'application/json' }));
      const link = document.createElement('a');
      link.href = url;
      link.download = `${decision.id.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')}.json`;
      link.click();
      URL.revokeObjectURL(url);
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
