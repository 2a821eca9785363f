#!/usr/bin/env node
import './check-node.mjs';

const { main } = await import('../core/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
