/**
 * The arguments as bash reads a pasted line: without a comment at its end. In cmd, and in zsh as it comes, `#` and what
 * follows are arguments like others.
 *
 * @param {readonly string[]} args
 */
export function withoutComment(args) {
  const from = args.indexOf('#');
  return from < 0 ? [...args] : args.slice(0, from);
}

/**
 * What loads the program; where a package of it is not installed, as before the first `npm ci`, that is told in one line and
 * the process ends.
 *
 * @template T @param {() => Promise<T>} load @returns {Promise<T>}
 */
export async function loaded(load) {
  try {
    return await load();
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === undefined) throw error;
    process.stderr.write(`error: ${missing} is not installed: run \`npm ci\`, then this again\n`);
    process.exit(1);
  }
}

/** The package that Node has looked for in vain; undefined: it is another fault. @param {unknown} error */
export function missingPackage(error) {
  if (!(error instanceof Error) || error.code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  return /^Cannot find package '([^']+)'/.exec(error.message)?.[1];
}
