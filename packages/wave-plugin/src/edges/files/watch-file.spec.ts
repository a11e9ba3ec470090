import { mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchFile } from './watch-file';

describe('a file that is watched', () => {
  let folder: string;
  let end: AbortController;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-watch-')));
    end = new AbortController();
    writeFileSync(join(folder, 'wave-1.md'), 'one');
  });
  afterEach(() => {
    end.abort();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Counts the changes that are told, and waits for the next one. */
  function watched() {
    let told = 0;
    let wake: () => void = () => undefined;
    watchFile(
      join(folder, 'wave-1.md'),
      () => {
        told += 1;
        wake();
      },
      end.signal,
    );
    return {
      told: () => told,
      after: (change: () => void) =>
        new Promise<void>((resolve) => {
          wake = resolve;
          change();
        }),
    };
  }

  it('is told of once for each save, and of nothing beside it', async () => {
    const { told, after } = watched();
    await after(() => {
      writeFileSync(join(folder, 'wave-2.md'), 'another file');
      writeFileSync(join(folder, 'wave-1.md'), 'two');
    });
    expect(told()).toBe(1);
    await after(() => writeFileSync(join(folder, 'wave-1.md'), 'three'));
    expect(told()).toBe(2);
  });

  it('is told of where an editor puts another file in its place, and afterwards', async () => {
    const { told, after } = watched();
    await after(() => {
      writeFileSync(join(folder, 'draft'), 'two');
      renameSync(join(folder, 'draft'), join(folder, 'wave-1.md'));
    });
    await after(() => writeFileSync(join(folder, 'wave-1.md'), 'three'));
    expect(told()).toBe(2);
  });
});
