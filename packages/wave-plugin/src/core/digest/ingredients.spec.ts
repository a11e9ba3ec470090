import { acceptanceSlice, workSlice, type WorkKeyInput } from './keys';
import { buildAgent, buildWave } from '../../testing/resolved';
import { compareIngredients, describeIngredientChange, isAcceptance, keyIngredients } from './ingredients';

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

  it('knows which parts only judge the slice', () => {
    const changed = changesOf({ agent: buildAgent({ proofCommands: ['true'] }) });
    expect(changed.map(({ name }) => isAcceptance(name))).toEqual([true]);
  });
});
