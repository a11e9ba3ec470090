import { acceptanceSlice, workSlice, type WorkKeyInput } from './keys';
import { buildAgent, buildWave } from '../../testing/resolved';
import {
  comparableIngredients,
  compareIngredients,
  describeIngredientChange,
  isAcceptance,
  keyIngredients,
  knownIngredients,
} from './ingredients';

const agent = buildAgent();
const input: WorkKeyInput = {
  agent,
  wave: buildWave([agent]),
  ledger: { epoch: null, entries: [] },
  context: [['docs/a.md', 'absent']],
  handoffs: [['A2', 'f'.repeat(64)]],
  upstream: null,
};
const changesOf = (after: Partial<WorkKeyInput>) =>
  compareIngredients(keyIngredients(input), keyIngredients({ ...input, ...after }));

describe('ingredients', () => {
  it('has a part for every member of both keys', () => {
    const names = Object.keys(keyIngredients(input));
    for (const name of Object.keys(workSlice(agent, input.wave))) expect(names).toContain(`work.${name}`);
    for (const name of Object.keys(acceptanceSlice(agent))) expect(names).toContain(`acceptance.${name}`);
  });

  it.each<[string, Partial<WorkKeyInput>, string[]]>([
    ['nothing', {}, []],
    ['the prompt', { agent: buildAgent({ prompt: 'Do that.' }) }, ['its prompt']],
    ['the proof commands', { agent: buildAgent({ proofCommands: ['true'] }) }, ['its proof commands']],
    ['a context file', { context: [['docs/a.md', 'a'.repeat(64)]] }, ['docs/a.md']],
    ['a context file that is new', { context: [...input.context, ['b.md', 'x']] }, ['b.md (added)']],
    ['a context file that went', { context: [] }, ['docs/a.md (removed)']],
    ['a result', { handoffs: [['A2', 'e'.repeat(64)]] }, ['the result of A2']],
    ['the verdict before it', { upstream: 'd'.repeat(64) }, ['the verdict of the stage before it (added)']],
    [
      'the ledger',
      { ledger: { epoch: '01J', entries: [] } },
      ['an answer, an amendment or a retry in the ledger'],
    ],
    ['the title', { agent: buildAgent({ title: 'Other' }) }, ['its title']],
  ])('names %s', (_name, after, words) => {
    expect(changesOf(after).map(describeIngredientChange)).toEqual(words);
  });

  it('names changes in the order of their names, in whatever order they were noted', () => {
    const names = compareIngredients({ c: '1', a: '1' }, { b: '1', a: '2' }).map(({ name }) => name);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['docs/context:a.md', 'context:docs/context:a.md'],
    ['the result of A1', 'handoff:A1'],
    ['notes/handoff:A1', 'context:notes/handoff:A1'],
    ['its title', 'work.title'],
    ['my.work.title', 'context:my.work.title'],
    ['its accepted shape', 'acceptance.shape'],
    ['my.acceptance.shape', 'context:my.acceptance.shape'],
  ])('says %s of %s', (words, name) => {
    expect(describeIngredientChange({ name, change: 'changed' })).toBe(words);
  });

  it('leaves out what waiting leaves open: results and the verdict of the stage before', () => {
    const whole = keyIngredients({ ...input, upstream: 'd'.repeat(64) });
    const { ledger: _ledger, ...rest } = comparableIngredients(whole);
    expect(Object.keys(rest)).not.toEqual(expect.arrayContaining(['upstream']));
    expect(Object.keys(rest).filter((name) => name.startsWith('handoff:'))).toEqual([]);
    expect(Object.keys(rest)).toContain('context:docs/a.md');
    expect(comparableIngredients(whole)).toEqual(knownIngredients(input));
  });

  it('knows which parts only judge the slice', () => {
    const changed = changesOf({ agent: buildAgent({ proofCommands: ['true'] }) });
    expect(changed.map(({ name }) => isAcceptance(name))).toEqual([true]);
  });
});
