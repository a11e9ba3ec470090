import { failure } from '@nx-wave/schemas/plain';
import { describeFailure, describeFailures } from './describe-failure';

const overlap = failure('ownership-overlap', 'Two agents own `src/a.ts`.', {
  place: {
    wave: 'wave-3',
    agentId: 'A2',
    path: 'docs/plans/waves/wave-3.md',
    range: { start: { line: 41, column: 3 }, end: { line: 41, column: 11 } },
  },
  excerpt: '- src/a.ts\n  ^^^^^^^^',
  next: 'Give it to one of the two.',
});

describe('describeFailure', () => {
  it('says where, what, shows the text, and what to do next', () => {
    expect(describeFailure(overlap)).toBe(
      [
        'docs/plans/waves/wave-3.md:41:3 (wave-3, agent A2): error ownership-overlap: Two agents own `src/a.ts`.',
        '    - src/a.ts',
        '      ^^^^^^^^',
        '  Next: Give it to one of the two.',
      ].join('\n'),
    );
  });

  it('says as much of the place as is known', () => {
    expect(describeFailure(failure('disk-full', 'No space.'))).toBe('error disk-full: No space.');
    expect(
      describeFailure(failure('agent-exit', 'Exit 1.', { place: { wave: 'wave-3', agentId: 'A1' } })),
    ).toBe('wave-3, agent A1: error agent-exit: Exit 1.');
  });

  it('puts errors before warnings and counts both', () => {
    const warning = failure('key-unknown', 'Nothing reads it.', { severity: 'warning' });
    const text = describeFailures([warning, overlap]);
    expect(text.indexOf('ownership-overlap')).toBeLessThan(text.indexOf('key-unknown'));
    expect(text.endsWith('1 error, 1 warning')).toBe(true);
    expect(describeFailures([])).toBe('');
  });
});

it('a line break in the name of a file makes no line of its own', () => {
  const name = 'src/a\nerror: all is lost';
  const text = describeFailure(
    failure('ownership-overlap', `Two agents own ${name}, and ${name} again.`, {
      place: { path: name },
      facts: { paths: [name] },
    }),
  );
  expect(text.split('\n')).toHaveLength(1);
  expect(text).toContain('src/a\\nerror: all is lost');
});
