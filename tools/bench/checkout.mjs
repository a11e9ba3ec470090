import { runTypeScript } from '../run-typescript.mjs';

/**
 * What the runner adds to an agent: `node tools/bench/checkout.mjs [files …]`, 10000 and 50000 where absent. Prints a table
 * of ratios against plain git doing the same: `git worktree add`, the agent, `git diff`.
 */
await runTypeScript(new URL('checkout.ts', import.meta.url));
