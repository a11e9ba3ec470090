import { buildFileEvidence } from '../../testing/slice-evidence';
import { runAgain, sliceFailure } from './slice-failure';

const evidence = buildFileEvidence({ unitId: 'A1-build', target: 'agent-a1-build' });
const found = {
  code: 'deliverable-missing',
  what: 'src/a.ts is missing',
  expected: 'a file',
  got: 'none',
  next: 'Write it.',
} as const;

it('says what was expected and what was found, and no more where there is no more', () => {
  expect(sliceFailure(evidence, found)).toStrictEqual({
    code: 'deliverable-missing',
    severity: 'error',
    message: 'Agent A1-build: src/a.ts is missing. Expected a file, got none.',
    place: { wave: 'wave-3', agentId: 'A1-build' },
    next: 'Write it.',
    facts: { expected: 'a file', got: 'none' },
  });
});

it('names the path and the question, and ends with what was said', () => {
  expect(
    sliceFailure(evidence, { ...found, path: 'src/a.ts', requestId: 'q1', said: 'no such file' }),
  ).toStrictEqual({
    code: 'deliverable-missing',
    severity: 'error',
    message: 'Agent A1-build: src/a.ts is missing. Expected a file, got none. It said:\nno such file',
    place: { wave: 'wave-3', agentId: 'A1-build', path: 'src/a.ts' },
    next: 'Write it.',
    facts: { expected: 'a file', got: 'none', path: 'src/a.ts', requestId: 'q1' },
  });
});

it('names the command that runs the agent once more', () => {
  expect(runAgain(evidence)).toBe('nx run wave-3:agent-a1-build');
});
