import { runTypeScript } from '../run-typescript.mjs';

/**
 * `npm run test:cluster [-- --trials N --seed S]`: many machines with the real protocol of the shared store, over a store, clocks,
 * programs and a network that are simulated: responses are lost, doubled and late, machines die, sleep and jump in time. Options:
 * `--without <rule>` (one rule switched off), `--negative` (each of them in turn: a negative control), `--write` (the tables go into
 * docs/promises-cluster.md). Exit code 1 when an invariant is red, or a negative control is not.
 */
await runTypeScript(new URL('main.ts', import.meta.url));
