import { digestOf } from '@nx-wave/schemas/plain';
import { buildAgent, buildWave } from '../../testing/resolved';
import { describeUncounted, uncountedContext } from './former-context';
import { keyIngredients } from './ingredients';
import { workKey, type WorkKeyInput } from './keys';

const own = 'docs/owned.md';
const free = 'docs/free.md';
const steward = buildAgent({ unitId: 'A9', agentId: 'A9', ownedPaths: [own] });
const inputOf = (contextPaths: string[], context: [string, string][]): WorkKeyInput => {
  const agent = buildAgent({ contextPaths });
  return {
    agent,
    wave: buildWave([agent, steward]),
    ledger: { epoch: null, entries: [] },
    context,
    handoffs: [],
    upstream: null,
  };
};

/** The key as it was made when a context file that an agent of the wave owns was left out. */
const formerKey = (paths: string[], context: [string, string][]) => {
  const left = paths.filter((path) => path !== own);
  return workKey(
    inputOf(
      left,
      context.filter(([path]) => left.includes(path)),
    ),
  );
};

describe('keys of the former format', () => {
  it('have the same bytes where no agent owns a context file', () => {
    const context: [string, string][] = [[free, 'a'.repeat(64)]];
    expect(workKey(inputOf([free], context))).toBe(formerKey([free], context));
    // Made by the version before, for this very input.
    expect(workKey(inputOf([free], context))).toBe(
      'fb7bd9a5369abdf1c62215a05f30f81413207594f591b757f9f2074c84b505f3',
    );
  });

  it('are no keys of today where one does, and the file that they left out is named', () => {
    const context: [string, string][] = [
      [free, 'a'.repeat(64)],
      [own, 'b'.repeat(64)],
    ];
    const now = inputOf([free, own], context);
    expect(workKey(now)).not.toBe(formerKey([free, own], context));
    const stored = keyIngredients(inputOf([free], context.slice(0, 1)));
    expect(uncountedContext(stored, now.agent.contextPaths, now.wave)).toEqual([own]);
  });

  it.each([
    ['a key of today', [free, own]],
    ['work for other context files', ['docs/other.md']],
  ])('are not seen in %s', (_name, paths) => {
    const now = inputOf([free, own], []);
    const stored = { 'work.contextPaths': digestOf(paths) };
    expect(uncountedContext(stored, now.agent.contextPaths, now.wave)).toEqual([]);
  });

  it('are told with the attempt and the files that they left out', () => {
    expect(describeUncounted([own, free], 'attempt 2')).toBe(
      'attempt 2 was made by a version whose key left out docs/owned.md, docs/free.md, which this wave owns: what its agent saw of it is not known',
    );
  });
});
