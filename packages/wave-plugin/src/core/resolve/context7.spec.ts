import { type WaveConfig } from '@nx-wave/schemas';
import { chooseContext7, folderProvider, parseContext7Index, type Context7Library } from './context7';
import { createReferenceReader } from './references';
import { waveIdentity } from './identity';

const path = 'docs/context7/bundles.json';

const document = {
  version: 1,
  defaultBundle: 'base',
  laneDefaults: { beta: 'streams' },
  bundles: {
    none: { libraries: [] },
    base: { description: 'What everyone needs.', libraries: [{ libraryName: 'node' }] },
    streams: { libraries: [{ libraryId: '/nodejs/node', queryHint: 'pipeline' }] },
  },
};

function library(): Context7Library {
  const index = parseContext7Index({ path, text: JSON.stringify(document) });
  if (!index.ok) throw new Error(JSON.stringify(index.failures));
  return { index: index.value, provider: folderProvider(path) };
}

const own = (bundle: string | null, query: string | null = null) => ({ bundle, query });
const choose = (wishes: Partial<Parameters<typeof chooseContext7>[0]>, from?: Context7Library) =>
  chooseContext7({ own: null, shared: null, prompt: '', lane: 'main', ...wishes }, from);

describe('the bundle of an agent', () => {
  it.each([
    ['its own', { own: own('streams'), shared: own('base'), lane: 'main' }, 'streams'],
    ['that of the wave', { shared: own('streams') }, 'streams'],
    ['that of the lane', { lane: 'beta' }, 'streams'],
    ['the default', {}, 'base'],
    ['none at its own wish', { own: own('none'), shared: own('base') }, 'none'],
    [
      'that of the wave where it only asks a question',
      { own: own(null, 'q'), shared: own('streams') },
      'streams',
    ],
  ])('is %s', (_which, wishes, bundle) => {
    expect(choose(wishes, library()).bundle).toBe(bundle);
  });

  it('brings its libraries and its folder of documents', () => {
    expect(choose({ own: own('streams', 'back-pressure') }, library())).toEqual({
      bundle: 'streams',
      query: 'back-pressure',
      libraries: [{ name: '/nodejs/node', queryHint: 'pipeline' }],
      documents: ['docs/context7/streams/'],
    });
  });

  it('asks with the first lines of the prompt where nobody wrote a question', () => {
    const prompt = ['Read', 'every', 'sensor', 'once', '', 'and  never', 'poll'].join('\n');
    expect(choose({ prompt }, library()).query).toBe('Read every sensor once and never');
  });

  it('brings nothing when it is none, or unknown, or when there is no index', () => {
    const nothing = { libraries: [], documents: [] };
    expect(choose({ own: own('none'), shared: own(null, 'q') }, library())).toEqual({
      ...own('none'),
      ...nothing,
    });
    expect(choose({ own: own('stream') }, library())).toEqual({ ...own('stream'), ...nothing });
    expect(choose({ shared: own('base', 'q') })).toEqual({ ...own('base', 'q'), ...nothing });
  });
});

describe('a bundle index', () => {
  it.each([
    ['no JSON', '{', 'bundles'],
    ['no bundles', '{}', 'bundles'],
    ['no bundle `none`', JSON.stringify({ bundles: { base: {} } }), 'bundles.none'],
    ['an id that is no folder name', JSON.stringify({ bundles: { none: {}, '../up': {} } }), 'bundles.../up'],
    ['a bundle that is no object', JSON.stringify({ bundles: { none: {}, base: 7 } }), 'bundles.base'],
    ['a default that it does not have', JSON.stringify({ ...document, defaultBundle: 'x' }), 'defaultBundle'],
    [
      'a lane default of the wrong type',
      JSON.stringify({ ...document, laneDefaults: { main: 7 } }),
      'laneDefaults.main',
    ],
    [
      'libraries that are no list',
      JSON.stringify({ bundles: { none: { libraries: {} } } }),
      'bundles.none.libraries',
    ],
    [
      'a library without a name',
      JSON.stringify({ bundles: { none: { libraries: [{}] } } }),
      'bundles.none.libraries.0',
    ],
  ])('with %s is refused by its place', (_what, text, at) => {
    expect(parseContext7Index({ path, text })).toMatchObject({
      ok: false,
      failures: expect.arrayContaining([
        expect.objectContaining({ code: 'context7-malformed', facts: { at }, place: { path } }),
      ]) as unknown,
    });
  });
});

describe('what a wave file refers to', () => {
  const config: WaveConfig = {
    lanes: { beta: { paths: { componentCutoverMatrixJsonPath: 'beta/matrix.json' } } },
  };
  const identityOf = (file: string) => {
    const identity = waveIdentity(file, config);
    if (identity === null) throw new Error(file);
    return identity;
  };
  const main = identityOf('docs/plans/waves/wave-1.md');

  it('is read once, however many waves there are', () => {
    const reads: string[] = [];
    const referencesOf = createReferenceReader(config, (file) => {
      reads.push(file);
      return null;
    });
    for (let wave = 1; wave < 20; wave += 1)
      expect(referencesOf(identityOf(`docs/plans/waves/wave-${wave}.md`))).toEqual({});
    referencesOf(identityOf('docs/beta/plans/waves/wave-1.md'));
    expect(reads).toEqual([
      'docs/plans/component-cutover-matrix.json',
      path,
      'beta/matrix.json',
      'docs/beta/context7/bundles.json',
    ]);
  });

  it.each([
    ['its own levels', JSON.stringify({ levels: ['raw', 'done'], components: 7 }), ['raw', 'done']],
    ['nothing that can be read', '{"levels": [', null],
    ['levels that are none', JSON.stringify({ levels: 'raw' }), null],
  ])('gives the levels of a matrix that says %s', (_what, text, levels) => {
    const referencesOf = createReferenceReader({}, (file) => (file.includes('matrix') ? text : null));
    expect(referencesOf(main)).toEqual({ levels });
  });

  it('carries the mistakes of a broken index to whoever wants a bundle of it', () => {
    const referencesOf = createReferenceReader({}, (file) => (file === path ? '[]' : null));
    expect(referencesOf(main)).toMatchObject({ context7Failures: [{ code: 'context7-malformed' }] });
  });
});
