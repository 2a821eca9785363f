import {
  accountFaults,
  type LimitName,
  type LimitValue,
  type MethodParsedParams,
  parseSymbol,
  type Settings,
  symbolsOf,
} from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import type { Keychain } from '../installation/keychain.ts';
import {
  loadSettings,
  type SettingsTree,
  settingsPath,
  settingsSource,
  writeSettings,
} from '../installation/settings-file.ts';
import { booksFault } from '../installation/store-names.ts';
import { SYSTEM_CLOCK, SYSTEM_TIMERS } from '../installation/system-timers.ts';
import { openTradebot, type TradebotOptions } from '../tradebot.ts';
import { HostedTradebot, type ServedTradebot, type WrittenChoice } from './hosted-tradebot.ts';
import { KeyRing } from './key-ring.ts';

export interface HostingOptions extends Omit<TradebotOptions, 'settings' | 'secrets' | 'keepLimit'> {
  /** Of the process: settings and secrets may be in it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The settings file that was named; the data directory's own when absent. */
  readonly settingsFile?: string;
  /** What the command line says, until the trader chooses otherwise. */
  readonly overrides?: SettingsTree;
  /** Null: there is none. */
  readonly keychain?: Keychain | null;
}

/**
 * Opens a tradebot that the trader can start anew with other settings, which are kept in the settings file.
 *
 * @throws TraderError when the settings are wrong or what they need cannot be had.
 */
export async function openHostedTradebot(options: HostingOptions): Promise<ServedTradebot> {
  const { environment, settingsFile, keychain, overrides = {}, onProgress, ...given } = options;
  const { signal: giveUp = new AbortController().signal, ...opening } = given;
  const { dataDirectory: directory, wallClock: clock = SYSTEM_CLOCK, timers = SYSTEM_TIMERS } = options;
  const keys = new KeyRing({ environment, directory, ...(keychain === undefined ? {} : { keychain }) });
  const load = (over: SettingsTree): Settings =>
    loadSettings({ ...settingsSource(directory, settingsFile), environment, overrides: over });
  const write = (choice: MethodParsedParams<'venues.start'>): WrittenChoice => {
    const left = choice.mode === 'demo' && !isForDemo(load(withoutChosen(overrides))) ? WITHOUT_SYMBOLS : {};
    const undo = writeSettings(settingsPath(directory, settingsFile), { ...treeOf(choice), ...left });
    try {
      return { settings: asChosen(choice, load(withoutChosen(overrides))), undo };
    } catch (error) {
      undo();
      throw error;
    }
  };
  const keepLimit = (name: LimitName, value: LimitValue): void => {
    const undo = writeSettings(settingsPath(directory, settingsFile), { safety: { [name]: value } });
    try {
      requireSaid(name, value, load(overrides));
    } catch (error) {
      undo();
      throw error;
    }
  };
  const settings = load(overrides);
  const isChosen = [settingsFile, overrides['mode'], environment['TRADEBOT_SETTING_MODE']].every(
    (other) => other === undefined,
  );
  // Who chose a mode in the program has no other place to choose again: the demo, which needs nothing, gives it.
  const instead =
    isChosen && isVenueMode(settings.mode) ? demoOf(load({ ...overrides, mode: 'demo' })) : null;
  const begin = { settings, instead, signal: giveUp, onProgress: (line: string) => onProgress?.(line) };
  return HostedTradebot.open(begin, {
    ...{ keys, directory, clock, timers, write },
    booksFault: (place) => booksFault(directory, place, options.migrationsFolder),
    open: async (settings, tell, signal) =>
      openTradebot({
        ...opening,
        ...{ settings, signal, keepLimit, onProgress: tell },
        secrets: await keys.forSettings(settings),
      }),
  });
}

/** As the settings file has it: they are no longer in it. */
const WITHOUT_SYMBOLS: SettingsTree = { symbols: undefined };

/** The demo's books are counted in the currency of its own symbols: what is chosen at a venue may be in another. */
function isForDemo({ symbols = [] }: Pick<Settings, 'symbols'>): boolean {
  const together = [...symbolsOf({ mode: 'demo', symbols: undefined }), ...symbols];
  return accountFaults(together.flatMap((symbol) => parseSymbol(symbol) ?? [])).length === 0;
}

function demoOf(settings: Settings): Settings {
  return isForDemo(settings) ? settings : { ...settings, symbols: undefined };
}

const isVenueMode = (mode: Settings['mode']): boolean => mode === 'paper' || mode === 'sandbox';

/** A choice as the settings file has it. The demo is no venue's: its choice is the mode alone. */
function treeOf({ mode, choice }: MethodParsedParams<'venues.start'>): SettingsTree {
  if (mode === 'demo') return { mode };
  const { exchange: id, symbols, timeframe, endpoint, proxy } = choice;
  return { mode, symbols, timeframe, exchange: { id, endpoint, proxy } };
}

/** What was said at the start of the program holds until the trader says otherwise. */
function withoutChosen({
  mode: _mode,
  symbols: _symbols,
  timeframe: _timeframe,
  ...rest
}: SettingsTree): SettingsTree {
  return rest;
}

/** @throws TraderError where the environment or the command line, which go before the file, say otherwise. */
function requireSaid(name: LimitName, value: LimitValue, { safety }: Settings): void {
  if (safety[name] === value) return;
  const variable = `TRADEBOT_SETTING_SAFETY_${name.toUpperCase()}`;
  throw new TraderError(
    'bad-input',
    `${variable} in the environment of the program goes before the settings file: take it away there, start the program again, and change the limit then`,
  );
}

/** @throws TraderError where the environment, which goes before the file, says otherwise. */
function asChosen({ mode, choice }: MethodParsedParams<'venues.start'>, settings: Settings): Settings {
  const { exchange, symbols, timeframe } = settings;
  const asSaid = {
    MODE: settings.mode === mode,
    EXCHANGE_ID: mode === 'demo' || exchange.id === choice.exchange,
    SYMBOLS: mode === 'demo' || symbols?.join() === choice.symbols.join(),
    TIMEFRAME: mode === 'demo' || timeframe === choice.timeframe,
  };
  const against = Object.entries(asSaid).flatMap(([name, is]) => (is ? [] : [`TRADEBOT_SETTING_${name}`]));
  if (against.length === 0) return settings;
  const they = against.join(' and ');
  throw new TraderError(
    'bad-input',
    `${they} in the environment of the program says otherwise: take it away there and start the program again`,
  );
}
