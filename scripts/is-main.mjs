import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Whether a script is what Node was started with, also where the folder was reached through a link.
 *
 * @param {string} url the script's `import.meta.url`
 */
export function isMain(url) {
  const [, started] = process.argv;
  if (started === undefined) return false;
  try {
    return realpathSync(started) === realpathSync(fileURLToPath(url));
  } catch {
    // Started by no file.
    return false;
  }
}
