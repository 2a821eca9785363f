// By name it would be missed on an old Node before that could be said in a line.
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What the TypeScript is without its types is worked out once, not at every start, which then takes half the time.
 * Where it cannot be kept, on a folder that is read-only, it is worked out again. Threads ask the variable.
 */
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', '.cache', 'compiled');
process.env.NODE_COMPILE_CACHE ??= folder;
nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
