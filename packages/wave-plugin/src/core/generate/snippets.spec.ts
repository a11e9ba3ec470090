import { vocabularies } from '../../adapters/vocabularies';
import { parseWave } from '../../built-in';
import { snippetsFile, snippetsFor } from './snippets';

const executorIds = vocabularies.map(({ executorId }) => executorId);
const snippets = snippetsFor(executorIds);

/** The text of a snippet where everything that it suggests is taken. */
function taken(name: string): string {
  return (snippets[name]?.body ?? [])
    .join('\n')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$\d+/g, '');
}

const read = (text: string) => parseWave({ path: 'docs/plans/waves/wave-1.md', text });

describe('snippets', () => {
  it('make a wave that is read without a word of complaint', () => {
    expect(read(taken('nx-wave: wave'))).toMatchObject({ ok: true, warnings: [] });
  });

  it.each(['nx-wave: executor', 'nx-wave: strength of proof'])('offer a section that is read: %s', (name) => {
    const wave = taken('nx-wave: wave').replace('### Deliverables', `${taken(name)}\n### Deliverables`);
    expect(read(wave)).toMatchObject({ ok: true, warnings: [] });
  });

  it('offer every executor, and no other', () => {
    expect(snippetsFor(['one', 'two'])['nx-wave: executor']?.body).toContain('- id: ${1|one,two|}');
  });

  it('offer another agent', () => {
    const other = taken('nx-wave: agent').replaceAll('src/', 'lib/');
    expect(read(`${taken('nx-wave: wave')}\n\n${other}`)).toMatchObject({ ok: true, warnings: [] });
  });

  it('are offered in markdown only, each by a word of its own', () => {
    const file = Object.values(
      JSON.parse(snippetsFile(executorIds)) as Record<string, { scope: string; prefix: string }>,
    );
    expect(file.every(({ scope }) => scope === 'markdown')).toBe(true);
    expect(new Set(file.map(({ prefix }) => prefix)).size).toBe(file.length);
  });
});
