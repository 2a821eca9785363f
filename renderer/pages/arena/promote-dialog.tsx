import { type ContenderView, counted } from '../../../core/contract/index.ts';
import { AskDialog } from '../../parts/index.ts';

interface PromoteDialogProps {
  readonly contender: ContenderView;
  readonly onPromote: (name: string) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Says what a promotion does and how thin the evidence is, and asks. */
export function PromoteDialog({ contender, onPromote, onClose }: PromoteDialogProps) {
  const { name, trades, bars, equity } = contender;
  return (
    <AskDialog
      title={`Let ${name} decide?`}
      act={`Let ${name} decide`}
      tone="accent"
      testId="promote"
      onAct={() => onPromote(name)}
      onClose={onClose}
    >
      <p>
        From the next bar on {name} decides for the account, and its orders go where the account’s orders go.
        Positions stay as they are; {name} decides when they are closed. It is logged, and lasts over a
        restart.
      </p>
      <p className="soft">
        {equity === null
          ? 'It trades nowhere while another decides: there is no paper account to judge it by.'
          : `Its paper account rests on ${counted(trades, 'round trip')} in ${counted(bars, 'decision')}${trades < 100 ? ': too few to tell skill from luck' : ''}.`}
      </p>
    </AskDialog>
  );
}
