import { posix, win32 } from 'node:path';
import { isWhole, type Machine, type Platform } from './machine.ts';

type Surroundings = Pick<Machine, 'platform' | 'environment' | 'home'>;

/** In its place, for whoever wants programs to be found by nobody else. */
export const RUNTIME_FOLDER_VARIABLE = 'TRADEBOT_RUNTIME_DIR';

/**
 * Where databases, logs and the latch of the kill switch lie: where `TRADEBOT_DATA_DIR` says, else the platform's usual
 * place. The same for every host, or `tradebot kill` would not find the desktop application that it is to stop.
 *
 * @param isThere whether a folder is there.
 */
export function dataDirectoryIn(surroundings: Surroundings, isThere: (folder: string) => boolean): string {
  return folderIn(surroundings, 'TRADEBOT_DATA_DIR') ?? usualDataDirectory(surroundings, isThere);
}

function usualDataDirectory(surroundings: Surroundings, isThere: (folder: string) => boolean): string {
  const { platform, home } = surroundings;
  const { join } = pathsOf(platform);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'LLM-TradeBot', 'data');
  if (platform !== 'win32')
    return join(folderIn(surroundings, 'XDG_DATA_HOME') ?? join(home, '.local', 'share'), 'llm-tradebot');
  // What roams is copied to a server at every log-off and back: no place for a database.
  const local = join(localAppData(surroundings), 'LLM-TradeBot', 'data');
  const roaming = folderIn(surroundings, 'APPDATA') ?? join(home, 'AppData', 'Roaming');
  const earlier = join(roaming, 'LLM-TradeBot', 'data');
  // Where an earlier version has kept books, they and their latch go on to count.
  return !isThere(local) && isThere(earlier) ? earlier : local;
}

const localAppData = (surroundings: Surroundings): string =>
  folderIn(surroundings, 'LOCALAPPDATA') ?? win32.join(surroundings.home, 'AppData', 'Local');

/**
 * Where running programs of this user may be noted: a folder that is the user's own and goes with his session. A program
 * notes itself in the first; whoever looks for one looks in all, since a session, a service and a job by the clock differ
 * in what their environment says of it.
 */
export function runtimeFolders(
  machine: Surroundings & Pick<Machine, 'temporary' | 'userId'>,
): readonly [string, ...string[]] {
  const { platform, temporary, userId } = machine;
  const { join } = pathsOf(platform);
  const chosen = folderIn(machine, RUNTIME_FOLDER_VARIABLE);
  if (chosen !== undefined) return [chosen];
  if (platform === 'win32') return [join(localAppData(machine), 'LLM-TradeBot', 'running')];
  const session = folderIn(machine, 'XDG_RUNTIME_DIR');
  const usual = platform === 'linux' && userId !== undefined ? [`/run/user/${userId}`] : [];
  const others = usual.map((folder) => join(folder, 'llm-tradebot'));
  const last = join(temporary, `llm-tradebot-${userId ?? 'user'}`);
  if (session === undefined) return [last, ...others];
  const first = join(session, 'llm-tradebot');
  return [first, ...new Set([...others, last].filter((folder) => folder !== first))];
}

/**
 * A folder that the environment names; undefined where it names none. An empty or a relative one is none: it would be
 * another folder for each place that a program is started from, and `tradebot kill` would not find what it is to stop.
 */
export function folderIn(
  { platform, environment }: Pick<Machine, 'platform' | 'environment'>,
  variable: string,
): string | undefined {
  const named = environment[variable];
  return named !== undefined && isWhole(named, platform) ? named : undefined;
}

/** Programs that copy a folder while it is written, by the names that their folders have. */
const COPIED_BY: readonly (readonly [by: string, pattern: RegExp])[] = [
  ['OneDrive', /[\\/]OneDrive( - [^\\/]+)?[\\/]/i],
  ['iCloud', /[\\/](Library[\\/]Mobile Documents|iCloud ?Drive)[\\/]/i],
  ['Dropbox', /[\\/]Dropbox( \([^\\/]+\))?[\\/]/i],
  ['Google Drive', /[\\/](Google ?Drive|GoogleDrive-[^\\/]+|My Drive)[\\/]/i],
  ['a cloud provider', /[\\/]Library[\\/]CloudStorage[\\/]/i],
];

/** How long a path may be under Windows, less what the program's own names add to its folder. */
const LONGEST_WINDOWS_FOLDER = 259 - 60;

/**
 * What speaks against a folder for databases, each as one line that says what to do: programs that copy it while it is
 * written, the network, a path that is too long.
 */
export function folderConcerns(
  { platform, environment, home }: Surroundings,
  folder: string,
): readonly string[] {
  const whole = `${folder}${pathsOf(platform).sep}`;
  const byName = COPIED_BY.find(([, pattern]) => pattern.test(whole))?.[0];
  const oneDrive = folderIn({ platform, environment }, 'OneDrive');
  const isIn = oneDrive !== undefined && whole.toLowerCase().startsWith(`${oneDrive.toLowerCase()}\\`);
  const copiedBy = byName ?? (isIn ? 'OneDrive' : undefined);
  const concerns: string[] = [];
  if (copiedBy !== undefined)
    concerns.push(
      `${folder} is copied elsewhere by ${copiedBy} while the program writes to it, which can damage the databases: choose a --data-dir outside of it`,
    );
  if (platform === 'win32' && /^(\\\\|\/\/)(?![?.][\\/](?!UNC[\\/]))/i.test(folder))
    concerns.push(
      `${folder} lies on the network, where databases are not safely locked: choose a --data-dir on this machine`,
    );
  else if (
    platform === 'win32' &&
    !`${win32.normalize(whole)}`.toLowerCase().startsWith(`${home.toLowerCase()}\\`)
  )
    concerns.push(
      `${folder} lies outside of your own folder, where other users of this machine may read it: choose a --data-dir inside of ${home}`,
    );
  if (platform === 'win32' && folder.length > LONGEST_WINDOWS_FOLDER)
    concerns.push(
      `${folder} is too long for Windows (${folder.length} characters, ${LONGEST_WINDOWS_FOLDER} at most): choose a shorter --data-dir`,
    );
  return concerns;
}

/**
 * Where a page lies that the browser opens by itself: confined browsers (snap) read no hidden folder, but one of their own.
 *
 * @param isThere whether a folder is there. @param otherwise where everything else lies.
 */
export function pageFolder(
  { platform, home }: Pick<Machine, 'platform' | 'home'>,
  isThere: (folder: string) => boolean,
  otherwise: string,
): string {
  if (platform !== 'linux') return otherwise;
  const confined = ['firefox', 'chromium'].map((name) => posix.join(home, 'snap', name, 'common'));
  return confined.find(isThere) ?? otherwise;
}

const pathsOf = (platform: Platform) => (platform === 'win32' ? win32 : posix);
