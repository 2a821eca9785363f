import { type ReactNode, useEffect, useRef } from 'react';

interface DialogProps {
  readonly label: string;
  readonly className?: string;
  readonly testId?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog of the browser: it keeps the focus inside; Escape, or a press outside, closes it. */
export function Dialog({ label, className = '', testId, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    const dialog = element.current;
    if (dialog === null) return;
    const pressed = (event: MouseEvent): void => {
      if (event.target === dialog) close.current();
    };
    dialog.addEventListener('click', pressed);
    dialog.showModal();
    return () => {
      dialog.removeEventListener('click', pressed);
      dialog.close();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={`dialog ${className}`}
      aria-label={label}
      data-testid={testId}
      onCancel={onClose}
    >
      {children}
    </dialog>
  );
}
