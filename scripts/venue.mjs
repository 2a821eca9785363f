#!/usr/bin/env node
import './check-node.mjs';

/** `npm run -s venue`: an exchange on this machine, for developers; `--help` says what it takes. */
await import('../tests/venue/serve.ts');
