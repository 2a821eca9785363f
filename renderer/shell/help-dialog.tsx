import { Dialog } from '../parts/index.ts';
import { useNavigation } from '../stores/index.ts';
import { SHORTCUTS } from './shortcuts.ts';

export function HelpDialog() {
  const show = useNavigation((navigation) => navigation.show);
  return (
    <Dialog label="Keyboard shortcuts" onClose={() => show(null)}>
      <div className="dialog-form">
        <h2>Keyboard shortcuts</h2>
        <dl className="shortcuts">
          {SHORTCUTS.map(({ keys, does }) => (
            <div key={does}>
              <dt>{does}</dt>
              <dd>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <p className="soft">
          The kill switch has no shortcut here, so that no slip of the hand closes your positions. The
          desktop's tray and <code className="code">tradebot kill</code> in a terminal work without this
          window.
        </p>
      </div>
    </Dialog>
  );
}
