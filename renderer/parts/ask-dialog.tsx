import { type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';

interface AskDialogProps {
  readonly title: string;
  readonly act: string;
  readonly tone: 'accent' | 'danger';
  /** Of the dialog and its button, before `-dialog` and `-act`. */
  readonly testId: string;
  /** Answers whether it is done; else the dialog stays and can be answered again. */
  readonly onAct: () => Promise<boolean>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something is done that lets more happen. */
export function AskDialog({ title, act, tone, testId, onAct, onClose, children }: AskDialogProps) {
  const [busy, setBusy] = useState(false);
  const go = async (): Promise<void> => {
    setBusy(true);
    if (await onAct()) onClose();
    else setBusy(false);
  };
  return (
    <Dialog label={title} testId={`${testId}-dialog`} onClose={onClose}>
      <div className="dialog-form">
        <h2>{title}</h2>
        {children}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            Leave it as it is
          </button>
          <button
            type="button"
            className={`button button-${tone}`}
            data-testid={`${testId}-act`}
            disabled={busy}
            onClick={() => void go()}
          >
            {act}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
