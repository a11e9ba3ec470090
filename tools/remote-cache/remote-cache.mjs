import { runTypeScript } from '../run-typescript.mjs';

/**
 * `npm run test:remote-cache [-- word … --negative]`: clones of one repository on a remote cache on loopback, launched by real Nx: a cache
 * that helps, one that only reads, is slow, dies, or holds garbage and forged work. Words choose scenarios by their names or checks.
 * `--negative` switches off the check that keeps a forged entry out, in the published code of the clone: it has to be let in
 * then. Exit code 1 where anything is otherwise.
 */
await runTypeScript(new URL('main.ts', import.meta.url));
