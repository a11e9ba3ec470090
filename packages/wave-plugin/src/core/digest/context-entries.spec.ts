import fc from 'fast-check';
import { parseWave, resolveWave } from '../../built-in';
import { waveIdentity } from '../resolve/identity';
import { contextEntries, coversFile } from './context-entries';
import { workKey } from './keys';

const path = 'docs/plans/waves/wave-7.md';
const ids = ['A1', 'A2', 'A3'] as const;
const files = ['docs/plan.md', 'docs/a/one.md', 'docs/a/two.md', 'docs/b/three.md'] as const;
const contextPaths = [...files, 'docs/a/', 'docs/b/', 'docs/gone.md'] as const;

/** One agent as its block says it. `after`: it depends on the one before it. */
const agentState = fc.record({
  title: fc.constantFrom('Work', 'Other work'),
  prompt: fc.constantFrom('Do it.', 'Do that.'),
  reads: fc.subarray([...contextPaths]),
  proof: fc.constantFrom('true', 'npm test'),
  deliverable: fc.boolean(),
  after: fc.boolean(),
});
const agentStates = fc.tuple(agentState, agentState, agentState);
const content = fc.constantFrom(null, 'a', 'b');
const contents = fc.tuple(content, content, content, content);
/** Which agent owns each file; 3 is nobody. */
const owner = fc.nat(3);
const owners = fc.tuple(owner, owner, owner, owner);
const prose = fc.record({ title: fc.constantFrom('One', 'Two'), attempts: fc.integer({ min: 1, max: 3 }) });
const workspace = fc.record({ agents: agentStates, contents, owners, prose });
type Workspace = typeof workspace extends fc.Arbitrary<infer T> ? T : never;

/** One thing that somebody changes. */
const edit: fc.Arbitrary<(before: Workspace) => Workspace> = fc.oneof(
  prose.map((value) => (before: Workspace) => ({ ...before, prose: value })),
  fc.tuple(fc.nat(3), content).map(([at, value]) => (before: Workspace) => ({
    ...before,
    contents: before.contents.with(at, value) as Workspace['contents'],
  })),
  fc.tuple(fc.nat(3), owner).map(([at, value]) => (before: Workspace) => ({
    ...before,
    owners: before.owners.with(at, value) as Workspace['owners'],
  })),
  fc
    .tuple(
      fc.nat(2),
      fc.constantFrom('title', 'prompt', 'reads', 'proof', 'deliverable', 'after' as const),
      agentState,
    )
    .map(([at, part, value]) => (before: Workspace) => ({
      ...before,
      agents: before.agents.map((agent, one) =>
        one === at ? { ...agent, [part]: value[part as keyof typeof agent] } : agent,
      ) as Workspace['agents'],
    })),
);

const ownedBy = ({ owners: by }: Workspace, at: number) => files.filter((_file, file) => by[file] === at);

/** What each agent sees, told from the state alone: its own block without what judges it, and what its paths lead to. */
function seenBy(state: Workspace, at: number): unknown {
  const agent = state.agents[at];
  const present = files.flatMap((file, one) => (state.contents[one] ? [[file, state.contents[one]]] : []));
  const reads = agent?.reads ?? [];
  return {
    block: [agent?.title, agent?.prompt, reads, agent?.deliverable, at > 0 && agent?.after],
    owns: ownedBy(state, at),
    files: present.filter(([file = '']) =>
      reads.some((one) => one === file || (one.endsWith('/') && file.startsWith(one))),
    ),
  };
}

/** The keys of all agents as the product makes them, from the text of the wave and the files. */
function keysOf(state: Workspace): string[] {
  const blocks = state.agents.flatMap(({ title, prompt, reads, proof, deliverable, after }, at) => [
    `## Agent ${ids[at]}: ${title}`,
    ...(after && at > 0 ? ['### Depends on', `- ${ids[at - 1]}`] : []),
    ...(deliverable ? ['### Deliverables', `- src/${ids[at]}/made.ts`] : []),
    ...['### Proof commands', `- ${proof}`, '### Prompt', '```', prompt],
    ...(reads.length > 0 ? ['Required context:', ...reads.map((one) => `- ${one}`)] : []),
    ...['File ownership:', `- src/${ids[at]}/`, ...ownedBy(state, at).map((one) => `- ${one}`), '```'],
  ]);
  const text = [`# Wave 7 - ${state.prose.title}`, ...blocks, ''].join('\n');
  const config = { limits: { attempts: state.prose.attempts } };
  const parsed = parseWave({ path, text }, { config });
  const identity = waveIdentity(path, config);
  if (!parsed.ok || !identity) throw new Error(JSON.stringify(parsed));
  const resolved = resolveWave(parsed.value, { identity, config }, { text });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.failures));
  const wave = resolved.value;
  const present = new Map(
    files.flatMap((file, at) => (state.contents[at] ? [[file, state.contents[at]] as const] : [])),
  );
  const ledger = { epoch: null, entries: [] };
  return ids.map((id) => {
    const agent = wave.agents.find(({ unitId }) => unitId === id);
    if (agent === undefined) throw new Error(id);
    const covered = new Map(
      [...present].filter(([file]) => agent.contextPaths.some((one) => coversFile(one, file))),
    );
    const context = contextEntries(agent.contextPaths, covered);
    return workKey({ agent, wave, ledger, context, handoffs: [], upstream: null });
  });
}

describe('context as a list of entries', () => {
  const present = new Map([
    ['docs/b.md', 'two'],
    ['docs/a.md', 'one'],
    ['docs/more/c.md', 'three'],
    ['src/d.ts', 'four'],
  ]);

  it.each<[string, string[], [string, string][]]>([
    ['a file', ['docs/a.md'], [['docs/a.md', 'one']]],
    ['a file that is not there', ['docs/z.md'], [['docs/z.md', 'absent']]],
    [
      'a folder with all that is below it, sorted',
      ['docs/'],
      [
        ['docs/a.md', 'one'],
        ['docs/b.md', 'two'],
        ['docs/more/c.md', 'three'],
      ],
    ],
    ['a folder without files', ['lib/'], [['lib/', 'absent']]],
    [
      'a file and its folder once, and what is not there among them',
      ['src/', 'src/d.ts', 'gone.md'],
      [
        ['gone.md', 'absent'],
        ['src/d.ts', 'four'],
      ],
    ],
  ])('holds %s', (_what, paths, entries) => {
    expect(contextEntries(paths, present)).toEqual(entries);
  });
});

describe('the work key of each agent', () => {
  it('changes if and only if something that the agent sees has changed, whoever edits what', () => {
    let changed = 0;
    let kept = 0;
    fc.assert(
      fc.property(workspace, fc.array(edit, { minLength: 1, maxLength: 4 }), (first, edits) => {
        let state = first;
        for (const change of edits) {
          const next = change(state);
          const [before, after] = [keysOf(state), keysOf(next)];
          ids.forEach((id, at) => {
            const same = JSON.stringify(seenBy(state, at)) === JSON.stringify(seenBy(next, at));
            expect({ id, same: before[at] === after[at] }).toEqual({ id, same });
            if (same) kept += 1;
            else changed += 1;
          });
          state = next;
        }
      }),
      { numRuns: 200 },
    );
    expect(Math.min(changed, kept)).toBeGreaterThan(20);
  });
});
