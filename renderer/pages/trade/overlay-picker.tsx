import { OVERLAY_IDS, OVERLAY_WORDS } from '../../chart/index.ts';
import { usePreferences } from '../../stores/index.ts';

/** Which lines lie over the candles. */
export function OverlayPicker() {
  const overlays = usePreferences((preferences) => preferences.overlays);
  const change = usePreferences((preferences) => preferences.change);
  return (
    <fieldset className="overlay-picker" aria-label="Overlays">
      {OVERLAY_IDS.map((id, index) => {
        const shown = overlays.includes(id);
        const next = shown ? overlays.filter((each) => each !== id) : [...overlays, id];
        return (
          <button
            key={id}
            type="button"
            className={`overlay-toggle overlay-${index + 1}`}
            aria-pressed={shown}
            onClick={() => change({ overlays: next })}
          >
            {OVERLAY_WORDS[id]}
          </button>
        );
      })}
    </fieldset>
  );
}
