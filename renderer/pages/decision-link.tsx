import { NOTHING } from '../format/index.ts';
import { useNavigation } from '../stores/index.ts';

/** Leads to the decision behind an order or a trade; a dash where there is none. */
export function DecisionLink({ decisionId }: { readonly decisionId: string | null }) {
  const openDecision = useNavigation((navigation) => navigation.openDecision);
  if (decisionId === null) return <span className="quiet">{NOTHING}</span>;
  return (
    <button type="button" className="link" onClick={() => openDecision(decisionId)}>
      Why
    </button>
  );
}
