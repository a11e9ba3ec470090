import fc from 'fast-check';
import { reported } from '../../../testing/reported-wave';
import { annotationLines, withoutCommands, withPart, workflowCommand } from './github';

/** How GitHub's runner finds a command in a line: at its start, or in the older form anywhere. */
const isCommand = (line: string) => line.trimStart().startsWith('::') || line.includes('##[');

describe('commands of GitHub Actions', () => {
  it('are escaped by the rules of its toolkit', () => {
    expect(workflowCommand('error', { file: 'a,b:c%d', title: 'x\ny' }, '50% of\r\n:: all, of it')).toBe(
      '::error file=a%2Cb%3Ac%25d,title=x%0Ay::50%25 of%0D%0A:: all, of it',
    );
    expect(workflowCommand('notice', {}, 'x')).toBe('::notice::x');
  });

  it('are one line with two values, whatever a path or a message says', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (file, message) => {
        const line = workflowCommand('error', { file, title: 't' }, message);
        expect(line).not.toMatch(/[\r\n]/);
        expect(line.split('::')[1]?.split(',')).toHaveLength(2);
      }),
    );
  });

  it('are found in nothing that somebody else says', () => {
    for (const text of [
      '::error::x',
      '  ::add-mask::y',
      '\t::stop-commands::z',
      'a ##[add-mask]b',
      'a\n::set-env::b',
      '\u00a0::x',
    ])
      expect(withoutCommands(text).split('\n').filter(isCommand)).toEqual([]);
    const unit = fc.constantFrom(...':# [\n\ta\u00a0');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(withoutCommands(text).split('\n').filter(isCommand)).toEqual([]);
        expect(withoutCommands(text).replaceAll('\u200b', '')).toBe(text);
      }),
    );
  });
});

describe('annotations of a wave', () => {
  it('stand at the files that a finding names, else at the wave file', () => {
    const input = reported({ A2: { failures: ['proof-command-failed'] } });
    const { path } = input.wave.identity;
    expect(annotationLines(input)).toEqual([
      `::error file=${path},title=wave-3 A2 proof-command-failed::A2: proof-command-failed`,
    ]);
  });

  it('are ten of each level at most: the others are counted', () => {
    const words = Array.from({ length: 14 }, (_, at) => ({
      unitId: 'A1',
      summary: null,
      gaps: [`gap ${at}`],
      riskNotes: [],
    }));
    const lines = annotationLines({ ...reported(), words });
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toMatch(/^::warning .*::5 more findings in the summary$/);
  });
});

describe('the summary of a step', () => {
  it('has one part for each wave, and what others wrote stays', () => {
    const first = withPart('of others\n', 'wave-3', 'one');
    const both = withPart(first, 'wave-4', 'two');
    expect(withPart(both, 'wave-3', 'three')).toBe(both.replace('one', 'three'));
    expect(both).toMatch(/^of others\n/);
  });
});
