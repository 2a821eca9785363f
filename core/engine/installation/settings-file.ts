import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeIssues,
  type Settings,
  SettingsSchema,
  ShippedStrategySchema,
} from '../../contract/index.ts';
import { TraderError, textOfBytes } from '../../domain/index.ts';
import { writeWhole } from '../../platform/index.ts';
import { type StrategyLimits, strategyOf } from '../../strategies/index.ts';
import { strategyNameFault } from './strategy-folder.ts';

export type SettingsTree = Record<string, unknown>;

export interface SettingsSources {
  /** Path of a JSON settings file. */
  readonly file?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Nested values that win over file and environment, such as command line flags. */
  readonly overrides?: SettingsTree;
  /** Where the trader's own strategies are; absent: their names are not looked up. */
  readonly directory?: string;
}

/** The settings that are chosen in the program, where no other file is named. */
const OWN_FILE = 'settings.json';

/** The settings file of a data directory: the one that was named, else the directory's own. */
export function settingsPath(directory: string, named: string | undefined): string {
  return named ?? join(directory, OWN_FILE);
}

/** The file to read. One that was named has to be there; the directory's own is once something was chosen. */
export function settingsSource(directory: string, named: string | undefined): Pick<SettingsSources, 'file'> {
  const file = settingsPath(directory, named);
  return named !== undefined || existsSync(file) ? { file } : {};
}

/**
 * The settings from file, environment and overrides, later ones winning, with defaults for the rest. A setting
 * in the environment is named by its path: `TRADEBOT_SETTING_SAFETY_MAXPOSITIONS=3`.
 *
 * @throws TraderError listing all faults at once, each with its path.
 */
export function loadSettings(sources: SettingsSources): Settings {
  const fromFile = sources.file === undefined ? {} : readSettingsFile(sources.file);
  const environment = settingsFromEnvironment(sources.environment);
  const named = merge(merge(fromFile, environment.tree), sources.overrides ?? {});
  const tree = merge({ safety: { ...limitsOfStrategy(named) } }, named);
  const parsed = SettingsSchema.safeParse(tree);
  const wrong = parsed.success
    ? strategyFaults(parsed.data, sources.directory)
    : describeIssues(parsed.error, 'settings');
  const faults = [...environment.faults, ...wrong];
  if (!parsed.success || faults.length > 0) throw new TraderError('bad-input', faults);
  return parsed.data;
}

/** Names of strategies that there are not. */
function strategyFaults({ strategy, arena }: Settings, directory: string | undefined): readonly string[] {
  if (directory === undefined) return [];
  const named = [
    ['strategy.id', strategy.id],
    ...Object.entries(arena.rivals).map(([name, rival]) => [`arena.rivals.${name}.strategy`, rival.strategy]),
  ] as const;
  return named.flatMap(([path = '', id = '']) => {
    const fault = strategyNameFault(directory, id);
    return fault === null ? [] : [`settings: ${path}: ${fault}`];
  });
}

/** What the strategy's own positions need of limits that nobody has set. */
function limitsOfStrategy({ strategy }: SettingsTree): StrategyLimits {
  const named = isTree(strategy) ? strategy['id'] : undefined;
  const id = ShippedStrategySchema.safeParse(named ?? SettingsSchema.parse({}).strategy.id);
  // One of the trader's own needs no more than is usual.
  return id.success ? strategyOf(id.data).limits : {};
}

/**
 * Puts values into a settings file, which may not be there yet, and leaves everything else in it as it was. The file is
 * replaced as a whole.
 *
 * @returns puts back what was there before.
 * @throws TraderError when it cannot be read or written.
 */
export function writeSettings(file: string, values: SettingsTree): () => void {
  const before = existsSync(file) ? readSettingsFile(file) : null;
  replaceFile(file, replaced(before ?? {}, values));
  return () => (before === null ? removeFile(file) : replaceFile(file, before));
}

/** Sections of which a part is chosen, and the rest stays. */
const SECTIONS = new Set(['exchange', 'safety']);

/** Unlike merging, a value that is no tree of settings stands for itself: `endpoint: null` takes the endpoint away. */
function replaced(base: SettingsTree, over: SettingsTree): SettingsTree {
  const chosen = Object.entries(over).map(([key, value]) => {
    const before = base[key];
    const isPart = SECTIONS.has(key) && isTree(value);
    return [key, isPart ? { ...(isTree(before) ? before : {}), ...value } : value] as const;
  });
  return { ...base, ...Object.fromEntries(chosen) };
}

function replaceFile(file: string, tree: SettingsTree): void {
  try {
    writeWhole(file, `${JSON.stringify(tree, null, 2)}\n`);
  } catch (cause) {
    throw unwritten(file, cause);
  }
}

function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (cause) {
    throw unwritten(file, cause);
  }
}

function unwritten(file: string, cause: unknown): TraderError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const line = `the settings file ${file} cannot be written (${detail}): nothing is changed`;
  return new TraderError('failure', line, { cause });
}

function readSettingsFile(path: string): SettingsTree {
  let text: string;
  try {
    text = textOfBytes(readFileSync(path));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : 'cannot be read';
    throw new TraderError('bad-input', `settings file ${path} ${why}: give the path of a JSON file`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new TraderError('bad-input', `settings file ${path} is not JSON: ${detail}`);
  }
  if (!isTree(value)) throw new TraderError('bad-input', `settings file ${path} must hold one JSON object`);
  return value;
}

const ENVIRONMENT_PREFIX = 'TRADEBOT_SETTING_';

function settingsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): {
  tree: SettingsTree;
  faults: string[];
} {
  const paths = settingPaths(SettingsSchema.parse({}));
  let tree: SettingsTree = {};
  const faults: string[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(ENVIRONMENT_PREFIX) || text === undefined) continue;
    const path = paths.get(name.slice(ENVIRONMENT_PREFIX.length));
    if (path === undefined) faults.push(`${name}: no setting has this name`);
    else tree = merge(tree, nest(path, parseScalar(text)));
  }
  return { tree, faults };
}

/** Numbers, booleans, null and lists are read as JSON, everything else is text. */
function parseScalar(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Environment names of all settings, built from the defaults: `SAFETY_MAXPOSITIONS` to its path. */
function settingPaths(defaults: Settings): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>([['SYMBOLS', ['symbols']]]);
  const visit = (value: unknown, path: readonly string[]): void => {
    if (isTree(value) && Object.keys(value).length > 0) {
      for (const [key, child] of Object.entries(value)) visit(child, [...path, key]);
    } else {
      paths.set(path.map((key) => key.toUpperCase()).join('_'), path);
    }
  };
  visit(defaults, []);
  return paths;
}

function nest(path: readonly string[], value: unknown): SettingsTree {
  const [key, ...rest] = path;
  if (key === undefined) throw new TypeError('a setting needs a path');
  return { [key]: rest.length === 0 ? value : nest(rest, value) };
}

function isTree(value: unknown): value is SettingsTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(base: SettingsTree, over: SettingsTree): SettingsTree {
  const merged: SettingsTree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const present = merged[key];
    merged[key] = isTree(present) && isTree(value) ? merge(present, value) : value;
  }
  return merged;
}
