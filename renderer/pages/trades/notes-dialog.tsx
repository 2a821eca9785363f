import { useState } from 'react';
import { MOST_NOTE_CHARACTERS, TagSchema, type TradeRecord } from '../../../core/contract/index.ts';
import { dateTime } from '../../format/index.ts';
import { Dialog } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { tagsIn } from './tags-in.ts';

interface NotesDialogProps {
  readonly trade: TradeRecord;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** What the trader writes to a trade. */
export function NotesDialog({ trade, onSaved, onClose }: NotesDialogProps) {
  const host = useHost();
  const [note, setNote] = useState(trade.note);
  const [tags, setTags] = useState(trade.tags.join(', '));
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    const given = tagsIn(tags);
    const wrong = given.find((tag) => !TagSchema.safeParse(tag).success);
    if (wrong !== undefined) {
      setFault(`“${wrong}” is no tag: letters, digits, blanks, dots, dashes and underscores, at most 40.`);
      return;
    }
    setBusy(true);
    try {
      await host.call('trades.annotate', { id: trade.id, note, tags: given });
      onSaved();
      onClose();
    } catch (error) {
      setFault(`Not saved: ${failureText(error)}.`);
      setBusy(false);
    }
  };
  return (
    <Dialog label="Notes on a trade" testId="notes-dialog" onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2>
          {trade.symbol}, closed {dateTime(trade.closedAt)}
        </h2>
        <label className="field">
          Note
          <textarea
            className="input"
            rows={5}
            maxLength={MOST_NOTE_CHARACTERS}
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
        </label>
        <label className="field">
          Tags, with commas between them
          <input className="input" value={tags} onChange={({ target }) => setTags(target.value)} />
        </label>
        {fault === null ? null : (
          <p className="fault" role="alert">
            {fault}
          </p>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            Leave it as it is
          </button>
          <button type="submit" className="button button-accent" disabled={busy} data-testid="notes-save">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
