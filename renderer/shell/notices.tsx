import { Icon } from '../parts/index.ts';
import { useNotices } from '../stores/index.ts';

/** What failed, until dismissed. */
export function Notices() {
  const notices = useNotices((store) => store.notices);
  const dismiss = useNotices((store) => store.dismiss);
  return (
    <div className="notices" role="log" aria-live="assertive" aria-label="Notices">
      {notices.map(({ id, tone, message }) => (
        <div key={id} className="notice" data-tone={tone}>
          <Icon name={tone === 'error' ? 'warning' : 'info'} />
          <p>{message}</p>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="cross" />
          </button>
        </div>
      ))}
    </div>
  );
}
