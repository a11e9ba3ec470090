import { runTypeScript } from '../run-typescript.mjs';

/**
 * `npm run test:hostile [-- name … --engine --write --why]`: hostile agents and tests where nothing holds them, without a cage and in one.
 * Exits 1 below the goals; `--write` renders docs/reference/hostile-cases.md. Each is a task of real Nx, which takes about twenty
 * minutes; with `--engine` the engine is called instead, in five.
 */
await runTypeScript(new URL('main.ts', import.meta.url));
