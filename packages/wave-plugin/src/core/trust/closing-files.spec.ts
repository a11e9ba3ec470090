import { whatListLacks } from './closing-files';

const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const files = { closure: 'closure/wave-1.json', patch: 'closure/wave-1.patch' };
const agent = (agentId: string, proofDigest: string | null) => ({ agentId, proofDigest });
const record = (agents: ReturnType<typeof agent>[], patchSha256: string | null = b) =>
  ({ agents, patchSha256 }) as never;
const whole = [
  { path: files.closure, sha256: a },
  { path: files.patch, sha256: b },
  { path: 'results/wave-1/attempt-1/A1/manifest.json', sha256: c },
];

describe('whatListLacks', () => {
  it.each<[string, typeof whole, ReturnType<typeof record>, string[]]>([
    ['nothing, where all is named', whole, record([agent('A1', c)]), []],
    ['nothing for an agent without a proof', whole, record([agent('A1', c), agent('A2', null)]), []],
    ['the record', whole.slice(1), record([agent('A1', c)]), [`it does not name ${files.closure}`]],
    [
      'the patch',
      [whole[0], whole[2]] as never,
      record([agent('A1', c)]),
      [`it names another ${files.patch}`],
    ],
    ['a patch of another closing', whole, record([agent('A1', c)], a), [`it names another ${files.patch}`]],
    ['a proof', whole.slice(0, 2), record([agent('A1', c)]), ['it does not name the proof of A1']],
    [
      'a proof whose digest stands behind another name',
      [...whole.slice(0, 2), { path: 'results/wave-1/attempt-1/A1/prompt.md', sha256: c }],
      record([agent('A1', c)]),
      ['it does not name the proof of A1'],
    ],
  ])('finds %s', (_, named, closed, lacks) => {
    expect(whatListLacks(named, files, closed)).toEqual(lacks);
  });
});
