import { runTypeScript } from '../run-typescript.mjs';

/**
 * What merging takes: `node tools/bench/merges.mjs [slices …]`, 2, 10 and 40 where absent. Prints a table
 * of times against `git apply` of the same changes.
 */
await runTypeScript(new URL('merges.ts', import.meta.url));
