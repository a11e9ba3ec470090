import { runTypeScript } from '../run-typescript.mjs';

/**
 * `npm run proof:cases [-- name … --why]`: cheats and honest slices through the real engine at `exit`, `checked` and `strict`. Writes
 * docs/reference/proof-cases.md and exits 1 below the goals. Takes about ten minutes.
 */
await runTypeScript(new URL('main.ts', import.meta.url));
