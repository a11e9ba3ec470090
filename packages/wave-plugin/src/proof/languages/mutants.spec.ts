// About languages/ecma/mutants.ts, through the language that uses it.
import { typescript } from './typescript';

async function mutantsOf(text: string, before: string[] = [], limit = 20) {
  const made = (await typescript.load()).mutants({ path: 'a.ts', text, before }, limit);
  if (made === 'unparseable') throw new Error('cannot be read');
  return made;
}

describe('small faults in changed statements', () => {
  it('takes the clearest of each function in turn, and no more than asked for', async () => {
    const text = `const f = (a: number) => a < 10 && a + 1 > 2;\nfunction g(on: boolean) { let n = 1; n++; return !on; }`;
    expect((await mutantsOf(text, [], 3)).map(({ name, what }) => `${name}: ${what}`)).toEqual([
      'f: `<` became `<=`',
      'g: `++` became `--`',
      'f: `&&` became `||`',
    ]);
  });

  it('changes nothing but what is new', async () => {
    const before = `function f(a) { if (a > 1) return 2; return 3; }`;
    const text = before.replace('return 3', 'return a * 4');
    expect((await mutantsOf(text, [before])).map(({ what, text: made }) => [what, made])).toEqual([
      ['`*` became `/`', before.replace('return 3', 'return a / 4')],
      ['`4` became `5`', before.replace('return 3', 'return a * 5')],
    ]);
  });

  it('leaves types, keys and joined texts alone', async () => {
    const made = await mutantsOf(`const f = (a: 'x' | 1) => ({ key: \`\${a}\` + 'y', ['k']: a as 2 });`);
    expect(made.map(({ what }) => what)).toEqual(['a text became an empty one']);
  });

  it('gives the same for the same text', async () => {
    const text = `export function f(a: number) { return a % 2 === 0 || a !== 7 ? 'even' : 'odd'; }`;
    expect(await mutantsOf(text)).toEqual(await mutantsOf(text));
  });
});
