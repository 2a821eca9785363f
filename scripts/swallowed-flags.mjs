/** Flags by which the program would act on another folder, or in another mode, than was meant. */
const FLAGS = ['data-dir', 'config', 'mode', 'headless', 'symbol', 'strategy', 'port'];

/**
 * The first flag that npm took for itself, which tells of it in a variable; undefined when it took none. PowerShell drops
 * the lone `--` before them, and the program would run without them.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export function swallowedFlag(environment) {
  const flag = FLAGS.find((name) => environment[`npm_config_${name.replaceAll('-', '_')}`] !== undefined);
  return flag === undefined ? undefined : `--${flag}`;
}

/** Ends the program with a line that says how to do it. */
export function refuseSwallowedFlags() {
  const flag = swallowedFlag(process.env);
  if (flag === undefined) return;
  process.stderr.write(
    `error: npm kept ${flag} for itself, and nothing was started: put "--" in quotes before it, ` +
      `as in \`npm start "--" ${flag} ...\` or \`npm run tradebot "--" ...\`\n`,
  );
  process.exit(2);
}
