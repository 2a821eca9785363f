/**
 * Flags without which the program would act on another folder, in another mode, or do more than was meant. All of its own
 * but those that are npm's as well: `--json`, `--tag`, `--only`, `--scope` and `--no-audit`.
 */
export const FLAGS = [
  'data-dir',
  'config',
  'mode',
  'headless',
  'agents',
  'allow',
  'by',
  'capital',
  'confirm',
  'context',
  'csv',
  'data',
  'days',
  'debug',
  'drill',
  'duration',
  'exchange',
  'excursions',
  'explain',
  'fast',
  'from',
  'interval',
  'key-cannot-withdraw',
  'labels',
  'limit',
  'log-level',
  'log-stdout',
  'loosen',
  'method',
  'minute-volume',
  'models',
  'open',
  'out',
  'port',
  'print-curl',
  'providers',
  'reason',
  'rows',
  'seed',
  'set',
  'since',
  'source',
  'speed',
  'strategy',
  'symbol',
  'timeframe',
  'to',
  'undo',
  'untag',
  'until',
  'vault',
  'venue',
  'volatility',
  'zone',
];

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
