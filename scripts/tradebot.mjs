#!/usr/bin/env node
import './check-node.mjs';
import './compile-cache.mjs';
import { buildIfChanged } from './build.mjs';
import { loaded, withoutComment } from './command-line.mjs';
import { refuseSwallowedFlags } from './swallowed-flags.mjs';

refuseSwallowedFlags();
const args = withoutComment(process.argv.slice(2));
// Only the trading loop shows the UI, which needs building.
if (args.includes('run')) buildIfChanged();
const { main } = await loaded(() => import('../core/cli/main.ts'));
process.exitCode = await main(args);
