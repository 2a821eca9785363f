import type { Machine } from './machine.ts';

/** The oldest systems that the native parts run on, as their makers say. */
const OLDEST_MACOS = 14;
const OLDEST_GLIBC = [2, 34] as const;
/** Of the kernel that comes with macOS 11; one more for each version after it. macOS 26 came after 15. */
const DARWIN_OF_MACOS_11 = 20;

/**
 * Why the models cannot run on this system; null: nothing is known against it. Everything else runs on more.
 *
 * @param glibc the C library's version; undefined where it is another.
 */
export function modelsObstacle(
  { platform, arch, release }: Pick<Machine, 'platform' | 'arch' | 'release'>,
  glibc: string | undefined,
): string | null {
  const [major = 0] = release.split('.').map(Number);
  if (platform === 'darwin') {
    const macos = major - DARWIN_OF_MACOS_11 + 11;
    if (macos < OLDEST_MACOS) return `this is macOS ${macos}, and ${OLDEST_MACOS} or later is needed`;
    if (arch === 'x64') return 'Macs with an Intel processor have no runtime for the models';
    return null;
  }
  if (platform === 'win32') return major < 10 ? 'Windows 10 or later is needed' : null;
  if (platform !== 'linux') return `nobody has built it for ${platform}`;
  if (glibc === undefined) return 'this Linux has no glibc (Alpine has musl): use one that has';
  const [found = 0, minor = 0] = glibc.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST_GLIBC;
  const isOld = found < oldest || (found === oldest && minor < oldestMinor);
  return isOld
    ? `glibc here is ${glibc}, and ${OLDEST_GLIBC.join('.')} or later is needed (Debian 12, Ubuntu 22.04, Fedora 35)`
    : null;
}

/** Windows tells of a missing library of its own by these words, in the user's language around the code. */
const NO_LIBRARY = /specified module could not be found|ERR_DLOPEN_FAILED.*\b126\b/i;

const OWN_LIBRARY = /^libonnxruntime/;

const PARTS = { models: 'what runs the models', database: 'the database' } as const;

/**
 * What to do about a native part that does not load, as one line.
 *
 * @param glibc the C library's version; undefined where it is another. @param fault what loading the part said.
 */
export function missingPartAdvice(
  machine: Pick<Machine, 'platform' | 'arch' | 'release'>,
  glibc: string | undefined,
  part: keyof typeof PARTS,
  fault: unknown,
): string {
  const said = (fault instanceof Error ? fault.message : String(fault)).split('\n')[0] ?? '';
  const lacks = `${PARTS[part]} cannot be loaded`;
  const obstacle = part === 'models' ? modelsObstacle(machine, glibc) : null;
  if (obstacle !== null) return `${lacks}: ${obstacle}`;
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  const isAbsent = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
  if (machine.platform === 'win32' && !isAbsent && (NO_LIBRARY.test(said) || code === 'ERR_DLOPEN_FAILED'))
    return `${lacks}: install Microsoft's Visual C++ runtime (https://aka.ms/vs/17/release/vc_redist.${machine.arch === 'arm64' ? 'arm64' : 'x64'}.exe) and start again`;
  const needed = /GLIBC(?:XX)?_[\d.]+/.exec(said)?.[0];
  if (needed !== undefined) return `${lacks}: this system is too old for it, which needs ${needed}`;
  const library = /(lib[\w+.-]+\.so[\w.]*): cannot open shared object file/.exec(said)?.[1];
  // What a native part brings itself is missing with a part of it, and no system has a package for it.
  if (library !== undefined && !OWN_LIBRARY.test(library))
    return `${lacks}: the system lacks ${library}; install the package that has it`;
  return `${lacks} (${said}): run \`npm ci\` again, on this machine and for its ${machine.arch} processor`;
}
