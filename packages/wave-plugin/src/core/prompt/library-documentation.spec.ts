import { documentBudget, libraryDocumentation } from './library-documentation';

const asked = { bundle: 'streams', query: 'back-pressure', libraries: [], documents: [] };

describe('the library documentation in a prompt', () => {
  it('names the question, the libraries and every document', () => {
    const libraries = [
      { name: 'node', queryHint: 'pipeline' },
      { name: 'zod', queryHint: null },
    ];
    const documents = [{ path: 'docs/context7/streams/node.md', text: '\nUse pipeline.\n' }];
    expect(libraryDocumentation({ ...asked, libraries }, documents)).toEqual([
      '## Library documentation',
      '',
      'Look for: back-pressure',
      '',
      '- node: pipeline',
      '- zod',
      '',
      '### docs/context7/streams/node.md',
      '',
      'Use pipeline.',
      '',
    ]);
  });

  it('is not there when there is nothing to read', () => {
    expect(libraryDocumentation(asked, [])).toEqual([]);
  });

  it('keeps to its budget and says where to read on', () => {
    const long = { path: 'a.md', text: 'x'.repeat(documentBudget - 10) };
    const lines = libraryDocumentation(asked, [
      long,
      { path: 'b.md', text: 'y'.repeat(50) },
      { path: 'c.md', text: 'z' },
      { path: 'empty.md', text: ' ' },
    ]);
    expect(lines.join('').replace(/[^xy]/g, '').length).toBeLessThanOrEqual(documentBudget + 20);
    expect(lines).toContain('yyyyyyyyyy');
    expect(lines).toContain('Read on in `b.md`.');
    expect(lines).toContain('Read `c.md` too.');
    expect(lines.join('\n')).not.toContain('empty.md');
  });
});
