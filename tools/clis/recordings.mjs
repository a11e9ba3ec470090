import { flaggedError, quotaError } from '../model-server/openai-error.mjs';

const forever = 99;
const work = [
  { write: 'src/new.txt', content: 'new\n', say: 'Writing the file.' },
  { run: 'ls src', say: 'Looking at it.' },
];
/** An agent that looks at the same thing for ever. */
const treadmill = { steps: [{ run: 'ls', say: 'Looking again.' }], loop: true };
const refusal = 'This cannot be helped with.';

/**
 * What is recorded of the programs. `script`: of the model; `budget`: of the agent; `resumed`: the session is continued
 * once, and only that is kept; `limitMs`: for what would never end; `only`: the programs that can come to it.
 */
export const recordings = {
  success: { script: { steps: work, final: 'All done.' } },
  resumed: { script: { steps: work, final: 'All done.', again: work.slice(1) }, resumed: true },
  refused: { script: { final: refusal, ends: 'refused' } },
  filtered: { script: { final: refusal, ends: 'filtered' }, only: ['codex', 'opencode'] },
  flagged: { script: { faults: [{ status: 400, body: flaggedError, times: forever }] }, only: ['codex'] },
  length: { script: { final: 'This is only the first half of', ends: 'length' } },
  'too-long': { script: { steps: work, faults: [{ kind: 'too-long', times: forever, helpers: true }] } },
  // One of them makes its history shorter and goes on; the others are at their end.
  compacted: { script: { steps: work, faults: [{ kind: 'too-long', times: 1 }] }, only: ['opencode'] },
  'turn-limit': { script: treadmill, budget: { turns: 2 }, only: ['claude', 'opencode'] },
  'turn-limit-obeyed': {
    script: { ...treadmill, obeys: true },
    budget: { turns: 2 },
    only: ['opencode'],
  },
  budget: { script: treadmill, budget: { usd: 0.02 }, only: ['claude'] },
  'rate-limit': { script: { faults: [{ status: 429, retryAfter: 1, times: forever }] } },
  quota: { script: { faults: [{ status: 429, body: quotaError, times: forever }] } },
  auth: { script: { faults: [{ status: 401, times: forever }] } },
  overload: { script: { faults: [{ status: 529, times: forever }] } },
  network: { script: { faults: [{ kind: 'cut', times: forever }] } },
  'bad-request': { script: { faults: [{ status: 400, times: forever }] } },
  hang: { script: { faults: [{ kind: 'hang', times: forever }] }, limitMs: 8_000 },
};
