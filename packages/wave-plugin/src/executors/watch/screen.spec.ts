import { openScreen } from './screen';

/** What is written to a window of 80 columns, or to a file. */
function drawn(env: Record<string, string>, isTTY: boolean, plain = false) {
  const written: string[] = [];
  const out = { isTTY, columns: 80, rows: 24, write: (text: string) => written.push(text) > 0 };
  const screen = openScreen(
    { edges: { env, print: () => undefined } as never },
    { plain, out: out as never },
  );
  return { screen, written };
}

describe('the screen of a watch', () => {
  it('draws a table in place of the one before, in colours', () => {
    const { screen, written } = drawn({}, true);
    expect(screen.window()).toEqual({ width: 79, height: 24 });
    screen.draw([[{ text: 'A1' }, { text: ' proven', tone: 'good' }], []]);
    screen.draw([[{ text: 'A2' }]]);
    expect(written[0]).toBe('A1\u001b[32m proven\u001b[39m\n\n');
    expect(written.slice(1).join('')).toBe('\u001b[2A\u001b[0JA2\n');
  });

  it('has no colours where NO_COLOR is set', () => {
    const { screen, written } = drawn({ NO_COLOR: '1' }, true);
    screen.draw([[{ text: 'A1', tone: 'bad' }]]);
    expect(written).toEqual(['A1\n']);
  });

  it('is steered by nothing that an agent says', () => {
    const { screen, written } = drawn({ NO_COLOR: '1' }, true);
    screen.draw([[{ text: 'a\u001b[2Jb\nc\td\u202e' }]]);
    expect(written).toEqual(['a\ufffd[2Jb\ufffdc d\ufffd\n']);
  });

  it.each<[string, Record<string, string>, boolean, boolean]>([
    ['there is no terminal', {}, false, false],
    ['the terminal cannot draw', { TERM: 'dumb' }, true, false],
    ['it is a job of CI', { CI: 'true' }, true, false],
    ['lines are asked for', {}, true, true],
  ])('is lines where %s', (_what, env, isTTY, plain) => {
    expect(drawn(env, isTTY, plain).screen.window()).toBeNull();
  });
});
