import { runTypeScript } from '../run-typescript.mjs';

/**
 * `npm run test:hostile [-- name … --write --why]`: hostile agents and tests where nothing holds them, without a cage and in one.
 * Exits 1 below the goals; `--write` renders docs/reference/hostile-cases.md. Takes about five minutes on a quiet machine.
 */
await runTypeScript(new URL('main.ts', import.meta.url));
