/**
 * Imported first by every entry script: npm scripts run on the Node 24 that `npm ci` installed, whatever the
 * system has. On an older one TypeScript would not load and better-sqlite3 would end the process in silence.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `error: this needs Node 22.18 or later and runs on ${process.versions.node}: ` +
      'run `npm ci` (without --ignore-scripts) and start through `npm start`, `npm test` or `npm run`; where that brings no ' +
      'Node 24 for this machine, install it from https://nodejs.org\n',
  );
  process.exit(1);
}
