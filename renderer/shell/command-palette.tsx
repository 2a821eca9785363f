import { type KeyboardEvent, useMemo, useState } from 'react';
import { OVERLAY_IDS, OVERLAY_WORDS } from '../chart/index.ts';
import { matching } from '../format/matching.ts';
import { Dialog, Icon, type IconName } from '../parts/index.ts';
import { type Commands, useCommands } from '../program/commands.ts';
import { PAGES, useNavigation, usePreferences, useStatus } from '../stores/index.ts';
import { PAGE_NAMES } from './page-names.ts';
import { waitsForRelease } from './standing.ts';

interface PaletteCommand {
  readonly title: string;
  readonly icon: IconName;
  readonly hint?: string;
  readonly run: () => void;
  /** Words of which one must be typed in full before it is offered: nothing that stops everything comes by chance. */
  readonly onlyFor?: readonly string[];
}

/** Everything the trader can do, by name. */
export function CommandPalette() {
  const show = useNavigation((navigation) => navigation.show);
  const commands = usePaletteCommands();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = offered(commands, query);
  const at = Math.min(chosen, Math.max(0, found.length - 1));
  const run = (command: PaletteCommand | undefined): void => {
    if (command === undefined) return;
    show(null);
    command.run();
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((at + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[at]);
    }
  };
  return (
    <Dialog label="Commands" className="palette" onClose={() => show(null)}>
      <input
        className="palette-input"
        placeholder="What do you want to do?"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-${at}`}
        aria-label="Search commands"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={press}
      />
      <div className="palette-list" id="palette-list" role="listbox" aria-label="Commands">
        {found.map((command, index) => (
          <button
            key={command.title}
            id={`palette-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="palette-command"
            onMouseMove={() => setChosen(index)}
            onClick={() => run(command)}
          >
            <Icon name={command.icon} />
            <span>{command.title}</span>
            {command.hint === undefined ? null : <kbd>{command.hint}</kbd>}
          </button>
        ))}
        {found.length === 0 ? (
          <p className="palette-nothing soft">Nothing is called that. Try “page”, a symbol or “theme”.</p>
        ) : null}
      </div>
    </Dialog>
  );
}

/** What the typed words may mean. */
export function offered(commands: readonly PaletteCommand[], query: string): readonly PaletteCommand[] {
  const typed = query.toLowerCase().split(/\s+/);
  const asked = commands.filter(
    ({ onlyFor }) => onlyFor === undefined || onlyFor.some((word) => typed.includes(word)),
  );
  return matching(asked, query, ({ title }) => title);
}

function usePaletteCommands(): readonly PaletteCommand[] {
  const status = useStatus(({ content }) => content);
  const commands = useCommands();
  const symbols = status?.symbols;
  const trading = status?.trading;
  const waiting = waitsForRelease(status?.breaker);
  return useMemo(
    () => [
      ...pageCommands(),
      ...(symbols ?? []).map((symbol) => ({
        title: `Show ${symbol}`,
        icon: 'trade' as const,
        run: () => {
          useNavigation.getState().chooseSymbol(symbol);
          useNavigation.getState().goTo('trade');
        },
      })),
      ...viewCommands(),
      ...tradingCommands(commands, trading === 'paused'),
      ...(waiting ? [RELEASE] : []),
    ],
    [symbols, trading, waiting, commands],
  );
}

function pageCommands(): PaletteCommand[] {
  return PAGES.map((page) => {
    const { title, icon, key } = PAGE_NAMES[page];
    return {
      title: `Go to ${title}`,
      icon,
      hint: `g ${key}`,
      run: () => useNavigation.getState().goTo(page),
    };
  });
}

function tradingCommands(commands: Commands, paused: boolean): PaletteCommand[] {
  return [
    paused
      ? { title: 'Resume trading', icon: 'play', run: () => void commands.resume() }
      : { title: 'Pause trading', icon: 'pause', run: () => void commands.pause() },
    {
      title: 'Kill switch: cancel and close everything now (emergency stop)',
      icon: 'stop',
      onlyFor: ['kill', 'emergency', 'stop'],
      run: () => void commands.emergencyStop(),
    },
  ];
}

/** Offered while a halt waits for it. It asks. */
const RELEASE: PaletteCommand = {
  title: 'Release the circuit breaker…',
  icon: 'shield',
  run: () => useNavigation.getState().show('release'),
};

function viewCommands(): PaletteCommand[] {
  const { overlays, theme, change } = usePreferences.getState();
  return [
    ...OVERLAY_IDS.map((id) => {
      const shown = overlays.includes(id);
      const next = shown ? overlays.filter((each) => each !== id) : [...overlays, id];
      return {
        title: `${shown ? 'Hide' : 'Show'} ${OVERLAY_WORDS[id]}`,
        icon: 'performance' as const,
        run: () => change({ overlays: next }),
      };
    }),
    {
      title: theme === 'light' ? 'Dark theme' : 'Light theme',
      icon: 'settings',
      run: () => change({ theme: theme === 'light' ? 'dark' : 'light' }),
    },
    {
      title: 'Keyboard shortcuts',
      icon: 'info',
      hint: '?',
      run: () => useNavigation.getState().show('help'),
    },
  ];
}
