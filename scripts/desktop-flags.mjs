import { resolve } from 'node:path';

/** What the desktop application takes from the command line, and the variable by which it is told. */
const VARIABLES = { '--data-dir': 'TRADEBOT_DATA_DIR', '--config': 'TRADEBOT_CONFIG' };

/**
 * Reads `npm start`'s flags for the desktop application.
 *
 * @param {readonly string[]} args
 * @returns {{ environment: Record<string, string>, foreign: string | undefined }} the variables to set, and the first
 *   argument that only the headless host understands.
 */
export function desktopFlags(args) {
  return readFlags(args.flatMap((argument) => /^(--[\w-]+)=(.*)$/s.exec(argument)?.slice(1) ?? argument));
}

function readFlags(args) {
  const environment = {};
  for (let index = 0; index < args.length; index += 2) {
    const variable = VARIABLES[args[index]];
    const value = args[index + 1];
    // An empty path would be the folder that the program is started from.
    if (variable === undefined || !value?.trim()) return { environment, foreign: args[index] };
    environment[variable] = resolve(value);
  }
  return { environment, foreign: undefined };
}
