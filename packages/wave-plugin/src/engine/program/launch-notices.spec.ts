import { codexAdapter } from '../../adapters/codex.adapter';
import { claudeAdapter } from '../../adapters/claude.adapter';
import { localAdapter } from '../../adapters/local.adapter';
import { type ExecutorAdapter, type LaunchSpec } from '../../adapters/adapter';
import { buildAgent, buildExecutor, buildWave } from '../../testing/resolved';
import { launchNotices } from './launch-notices';

const spec: LaunchSpec = { command: 'x', args: [], stdin: '', env: {}, files: [], notices: ['its own'] };

function noticesOf(
  adapter: ExecutorAdapter,
  command: string | null,
  {
    usd,
    prices = {},
    model = null,
  }: { usd?: number; prices?: Record<string, unknown>; model?: string | null } = {},
) {
  const id = adapter.executorId;
  const agent = buildAgent({
    executor: buildExecutor(id, command === null ? {} : { command }, {
      model,
      budget: usd === undefined ? {} : { usd },
    }),
  });
  return launchNotices(spec, {
    wave: buildWave([agent], { executors: { [id]: { prices } } }),
    agent,
    adapter,
  });
}

describe('what a person is told before a launch', () => {
  it('is what the adapter says, and nothing else of a plain launch', () => {
    expect(noticesOf(codexAdapter, 'npx codex')).toEqual(['its own']);
  });

  it('names every flag that a configured command brings along', () => {
    expect(noticesOf(codexAdapter, 'codex --dangerously-bypass-approvals-and-sandbox -a never')).toEqual([
      'its own',
      'codex.command adds flags of its own: --dangerously-bypass-approvals-and-sandbox -a',
    ]);
    expect(noticesOf(localAdapter, 'node agent.mjs --fast')).toEqual(['its own']);
  });

  it.each([
    [codexAdapter, true],
    [claudeAdapter, false],
    [localAdapter, false],
  ] as const)('says where a cap on turns cannot be held: $displayName', (adapter, told) => {
    const agent = buildAgent({
      executor: buildExecutor(adapter.executorId, {}, { budget: { turns: 3 } }),
    });
    const found = launchNotices(spec, { wave: buildWave([agent]), agent, adapter });
    expect(found.some((notice) => notice.startsWith('budget.turns cannot be held'))).toBe(told);
  });

  it.each([
    ['a program that tells no cost, without a price', codexAdapter, { usd: 3 }, true],
    [
      'one with a price for every model',
      codexAdapter,
      { usd: 3, prices: { '*': { input: 1, output: 2 } } },
      false,
    ],
    [
      'one with a price for another model',
      codexAdapter,
      { usd: 3, model: 'a', prices: { b: { input: 1, output: 2 } } },
      true,
    ],
    ['a program that tells its cost', claudeAdapter, { usd: 3 }, false],
    ['no cap on money', codexAdapter, {}, false],
  ] as const)('says whether a cap on money can be held: %s', (_title, adapter, given, told) => {
    const found = noticesOf(adapter, null, given).some((notice) =>
      notice.startsWith('budget.usd cannot be held'),
    );
    expect(found).toBe(told);
  });
});
