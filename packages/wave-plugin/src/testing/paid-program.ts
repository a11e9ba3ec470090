import { ok } from '@nx-wave/schemas/plain';
import { type ExecutorAdapter } from '../adapters/adapter';
import { countAt, parseEvent } from '../adapters/json-lines';
import { localAdapter } from '../adapters/local.adapter';
import { paidDefaults } from '../adapters/paid-defaults';

/**
 * A program that costs, for tests: runs `agents/<id>.mjs` of a rig, whose lines `{"tokens": 100, "cents": 5}` are what it
 * has used so far.
 */
export const paidProgram: ExecutorAdapter = {
  ...localAdapter,
  ...paidDefaults({ executorId: 'paid', keys: {} }),
  displayName: 'Paid program',
  isAvailable: () => true,
  buildLaunchSpec: ({ agentId }, _wave, { prompt }) =>
    ok({ command: 'node', args: [`agents/${agentId}.mjs`], stdin: prompt, env: {}, files: [], notices: [] }),
  createStreamReader: () => {
    let tokens = 0;
    let cents = 0;
    return {
      read: (line) => {
        const event = parseEvent(line);
        tokens = countAt(event, 'tokens') || tokens;
        cents = countAt(event, 'cents') || cents;
        return [];
      },
      usage: () =>
        tokens === 0
          ? null
          : { inputTokens: tokens, outputTokens: 0, cachedTokens: 0, usd: cents / 100, estimated: false },
      sessionId: () => null,
      structuredOutput: () => undefined,
      outcome: ({ code, signal }) =>
        code === 0 ? { kind: 'success' } : { kind: 'crash', detail: signal ?? `exit code ${code}` },
    };
  },
};
