import type { LedgerEntry, ProofCommandResult } from '@nx-wave/schemas';
import { buildFileEvidence } from '../../testing/slice-evidence';
import { checkProofCommands } from './check-proof-commands';

const command = 'npm test';
const passed: ProofCommandResult = { command, exitCode: 0, outcome: 'passed', durationMs: 5, tail: '' };
const waiver = (code: string): LedgerEntry => ({
  ...{ schemaVersion: 1, id: '01J00000000000000000000001', wave: 'wave-3', by: 'Ada', reason: 'because' },
  ...{ recordedAt: '2026-01-02T03:04:05.000Z', type: 'gate.waived', code, agentId: 'A1' },
});

function found(result: Partial<ProofCommandResult>, ledger: LedgerEntry[] = []) {
  const proofCommands = [{ ...passed, ...result }];
  return checkProofCommands(buildFileEvidence({ proofCommands: [command] }, { proofCommands, ledger }));
}

it.each<[string, Partial<ProofCommandResult>, string]>([
  ['ended with 3', { outcome: 'failed', exitCode: 3 }, 'exit code 3'],
  ['was ended by a signal', { outcome: 'failed', exitCode: null }, 'no exit code'],
  ['passed without an exit code', { exitCode: null }, 'no exit code'],
  ['passed with another exit code', { exitCode: 1 }, 'exit code 1'],
  ['failed with 0', { outcome: 'failed' }, 'exit code 0'],
  ['never ended', { outcome: 'timeout', exitCode: null }, 'no end within its time limit'],
  ['used too much', { outcome: 'exhausted', exitCode: 137 }, 'more of the machine than it may use'],
  ['has no program', { outcome: 'missing', exitCode: null }, 'no such program'],
  ['needs a shell', { outcome: 'invalid', exitCode: null }, 'a line that needs an explicit shell'],
])('a proof command that %s did not pass', (_case, result, got) => {
  expect(found(result).map(({ message }) => message)).toEqual([
    `Agent A1: the proof command "npm test" did not pass. Expected exit code 0, got ${got}.`,
  ]);
});

it('a proof command that did not pass is told with the end of its output', () => {
  expect(found({ outcome: 'failed', exitCode: 1, tail: '\n1 failed\n' })[0]?.message).toMatch(
    /got exit code 1\. It said:\n1 failed$/,
  );
});

describe('a proof command that changed files', () => {
  it('is told with the files, the first of them as the place, and what to do', () => {
    expect(found({ outcome: 'changed-files', changedFiles: ['src/a.ts', 'src/b.ts'] })).toMatchObject([
      {
        code: 'proof-changed-files',
        message: expect.stringContaining(
          '"npm test" changed src/a.ts, src/b.ts. Expected a command that checks',
        ),
        place: { path: 'src/a.ts' },
        next: expect.stringContaining('- may write: <path>'),
      },
    ]);
  });

  it('has no place where nobody says which', () => {
    const [failure] = found({ outcome: 'changed-files' });
    expect(failure?.place).toStrictEqual({ wave: 'wave-3', agentId: 'A1' });
  });
});

describe('a proof command that wrote outside of its checkout', () => {
  const outside: Partial<ProofCommandResult> = {
    outcome: 'outside-writes',
    changedFiles: ['/people/ada/a', '/people/ada/b'],
  };

  it('is told with the files, the first of them as the place, and how to waive it', () => {
    expect(found(outside)).toMatchObject([
      {
        code: 'outside-writes',
        message: expect.stringContaining('ran without a cage, /people/ada/a, /people/ada/b changed.'),
        place: { path: '/people/ada/a' },
        next: expect.stringContaining('nx run wave-3:decide --waive outside-writes --agent A1 --reason'),
      },
    ]);
  });

  it('has no place where nobody says which', () => {
    const [failure] = found({ outcome: 'outside-writes' });
    expect(failure?.place).toStrictEqual({ wave: 'wave-3', agentId: 'A1' });
  });

  it.each<[string, Partial<ProofCommandResult>, string, string[]]>([
    ['it ended well', outside, 'outside-writes', []],
    ['it did not end well', { ...outside, exitCode: 1 }, 'outside-writes', ['outside-writes']],
    ['it never ended', { ...outside, exitCode: null }, 'outside-writes', ['outside-writes']],
    ['something else is waived', outside, 'slice-empty', ['outside-writes']],
    ['it failed in another way', { outcome: 'failed' }, 'outside-writes', ['proof-command-failed']],
  ])('is let pass by a waiver and nothing else: %s', (_case, result, code, codes) => {
    expect(found(result, [waiver(code)]).map((one) => one.code)).toEqual(codes);
  });
});

it.each<[string | undefined, string]>([
  ['a.test', 'a.test'],
  [undefined, 'a host'],
])('a proof command that called %s in a cage is told so, and how to let it call', (host, called) => {
  const result = { outcome: 'needs-network', exitCode: 1, tail: 'ENOTFOUND\n' } as const;
  const [failure, ...more] = found(host === undefined ? result : { ...result, host });
  expect(more).toEqual([]);
  expect(failure?.code).toBe('proof-needs-network');
  expect(failure?.message).toContain(`"npm test" called ${called}, which its cage does not allow`);
  expect(failure?.message).toMatch(/It said:\nENOTFOUND$/);
  expect(failure?.next).toContain(`Let it call ${called} with proof.services`);
});

it('every proof command that is declared was run, and each that was run passed', () => {
  const declared = ['npm test', 'npm run lint'];
  const evidence = (...ran: ProofCommandResult[]) =>
    checkProofCommands(buildFileEvidence({ proofCommands: declared }, { proofCommands: ran })).map(
      ({ message }) => /the proof command "([^"]+)" (.*?)\./.exec(message)?.slice(1),
    );
  const lint = { ...passed, command: 'npm run lint' };
  expect(evidence(passed, lint)).toEqual([]);
  expect(evidence(passed)).toEqual([['npm run lint', 'was not run']]);
  expect(evidence(lint, { ...passed, outcome: 'failed', exitCode: 1 })).toEqual([
    ['npm test', 'did not pass'],
  ]);
  expect(evidence()).toEqual([
    ['npm test', 'was not run'],
    ['npm run lint', 'was not run'],
  ]);
});
