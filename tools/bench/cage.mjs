import { runTypeScript } from '../run-typescript.mjs';

/**
 * What a cage adds to a command: `node tools/bench/cage.mjs [rounds]`, 30 where absent. The same commands by the door that
 * agents and proof commands are started through, with and without one, in turn. Medians in milliseconds.
 */
await runTypeScript(new URL('cage.ts', import.meta.url));
