import type { ProofArtifactSpec } from '@nx-wave/schemas';
import { maturityLevels } from '@nx-wave/schemas/plain';
import { buildStrength } from '../../testing/resolved';
import { buildFileEvidence } from '../../testing/slice-evidence';
import { component } from '../../testing/stewards';
import { checkDeliverables, checkProofArtifacts, requiredArtifacts } from './check-files';
import type { FileFacts } from './slice-evidence';

const content = { size: 12, mode: '100644' };
const nothing = { size: 0, mode: '100644' };
const link = { size: 12, mode: '120000' };
const emptyLink = { size: 0, mode: '120000' };
const blank = { ...content, blank: true };

describe('a deliverable', () => {
  function found(path: string, file: FileFacts | null, level: 'exit' | 'checked' = 'checked'): string[] {
    const agent = { deliverables: [path], proofStrength: buildStrength({ level }) };
    return checkDeliverables(buildFileEvidence(agent, { files: { [path]: file } })).map(
      ({ code, message, place }) => `${code} ${place?.path ?? ''}: ${message}`,
    );
  }
  const refused = (code: string, what: string, got: string) => [
    `${code} src/a.ts: Agent A1: the deliverable src/a.ts ${what}. Expected a file with content, got ${got}.`,
  ];

  it.each<[string, FileFacts | null, string[]]>([
    ['content', content, []],
    ['no file', null, refused('deliverable-missing', 'is missing', 'no file')],
    ['an empty file', nothing, refused('deliverable-empty', 'is empty', 'an empty file')],
    ['a link', link, refused('deliverable-missing', 'is missing', 'a symbolic link')],
    ['a link to nowhere', emptyLink, refused('deliverable-missing', 'is missing', 'a symbolic link')],
    ['no word', blank, refused('deliverable-empty', 'has no content', 'white space and comments')],
  ])('is a file with content: judges %s', (_case, file, expected) => {
    expect(found('src/a.ts', file)).toEqual(expected);
  });

  it('may hold nothing but comments where no more is asked than that the proof ends well', () => {
    expect(found('src/a.ts', blank, 'exit')).toEqual([]);
    expect(found('src/a.ts', nothing, 'exit')).toHaveLength(1);
  });

  it.each<[string, FileFacts | null, number]>([
    ['src/.gitkeep', nothing, 0],
    ['src/__init__.py', content, 0],
    ['src/.gitkeep', null, 1],
    ['src/.gitkeep', link, 1],
    ['src/.gitkeep', emptyLink, 1],
  ])('that works by being there may be empty, and is a file all the same: %s %j', (path, file, count) => {
    expect(found(path, file)).toHaveLength(count);
  });

  it('is not found under a name that every object has', () => {
    const evidence = buildFileEvidence({ deliverables: ['constructor'] });
    expect(checkDeliverables(evidence)).toMatchObject([{ code: 'deliverable-missing' }]);
  });
});

describe('a proof artifact', () => {
  it.each<[string, FileFacts | null, string | null]>([
    ['content', content, null],
    ['no file', null, 'is missing. Expected a file with content, got no file.'],
    ['an empty file', nothing, 'is no file with content. Expected a file with content, got an empty file.'],
    ['a link', link, 'is no file with content. Expected a file with content, got a symbolic link.'],
  ])('is a file with content: judges %s', (_case, file, said) => {
    const path = 'docs/readings.md';
    const agent = { proofArtifacts: [{ path, kind: null, requiredFor: [] }] };
    const found = checkProofArtifacts(buildFileEvidence(agent, { files: { [path]: file } }));
    expect(found.map(({ code, message, place }) => [code, message, place?.path])).toEqual(
      said === null ? [] : [['proof-artifact-missing', `Agent A1: the proof artifact ${path} ${said}`, path]],
    );
  });

  it('is not found under a name that every object has', () => {
    const agent = { proofArtifacts: [{ path: 'constructor', kind: null, requiredFor: [] }] };
    expect(checkProofArtifacts(buildFileEvidence(agent))).toMatchObject([{ code: 'proof-artifact-missing' }]);
  });

  const own = ['low', 'middle', 'high'];
  it.each<[string, string[], string[], readonly string[] | undefined, boolean]>([
    ['no level is named', [], ['low'], own, true],
    ['the agent has no component', ['high'], [], own, true],
    ['its level is the one', ['middle'], ['middle'], own, true],
    ['its level is below', ['middle'], ['low'], own, false],
    ['its level is above', ['middle'], ['high'], own, true],
    ['the lowest level is named', ['low'], ['low'], own, true],
    ['one of its components is there', ['middle'], ['low', 'high'], own, true],
    ['one of the levels is reached', ['high', 'middle'], ['middle'], own, true],
    ['none of the levels is reached', ['high', 'middle'], ['low'], own, false],
    ['the matrix does not know the level', ['highest'], ['high'], own, false],
    ['the matrix knows neither level', ['highest'], ['lowest'], own, false],
    ['there are no levels but the usual ones', ['pilot-live'], ['qa-proved'], undefined, true],
    ['it is below, of the usual ones', ['qa-proved'], ['pilot-live'], undefined, false],
  ])('is asked for by level: %s', (_case, requiredFor, targets, levels, expected) => {
    const proofArtifacts = [{ path: 'a.md', kind: null, requiredFor }] as ProofArtifactSpec[];
    const components = targets.map((level, at) => component(`c${at}`, level));
    const owner = { agent: { proofArtifacts, components }, ...(levels && { levels }) };
    expect(requiredArtifacts(owner)).toEqual(expected ? proofArtifacts : []);
  });

  it('is asked for from the first usual level on', () => {
    const [lowest] = maturityLevels;
    const proofArtifacts = [{ path: 'a.md', kind: null, requiredFor: [lowest] }];
    expect(
      requiredArtifacts({ agent: { proofArtifacts, components: [component('c', lowest)] } }),
    ).toHaveLength(1);
  });
});
