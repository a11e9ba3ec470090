import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shareNodeModules } from './node-modules';

describe('a copy of node_modules', () => {
  let dir: string;
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'node-modules-')));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('lets others of this process have their turn: a claim beats, however many packages there are', async () => {
    const pair = { user: join(dir, 'user'), checkout: join(dir, 'checkout') };
    const [from, to] = [join(pair.user, 'node_modules'), join(pair.checkout, 'node_modules')];
    mkdirSync(join(from, 'left', 'lib'), { recursive: true });
    writeFileSync(join(from, 'left', 'lib', 'index.js'), '');
    let beats = 0;
    setImmediate(() => (beats += 1));
    await shareNodeModules({ from, to }, { pair, mode: 'copy', links: { made: new Map(), spares: null } });
    expect({ beats, copied: existsSync(join(to, 'left', 'lib', 'index.js')) }).toEqual({
      beats: 1,
      copied: true,
    });
  });
});
