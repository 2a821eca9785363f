#!/usr/bin/env node
import './check-node.mjs';
import './compile-cache.mjs';
import { buildIfChanged } from './build.mjs';
import { refuseSwallowedFlags } from './swallowed-flags.mjs';

refuseSwallowedFlags();
// Only the trading loop shows the UI, which needs building.
if (process.argv.includes('run')) buildIfChanged();
const { main } = await import('../core/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
