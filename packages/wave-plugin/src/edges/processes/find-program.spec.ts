import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { whyNotStartable } from './find-program';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'nx-wave-programs-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function lay(...programs: string[]): void {
  for (const path of programs) {
    mkdirSync(join(home, dirname(path)), { recursive: true });
    writeFileSync(join(home, path), '#!/bin/sh\n');
    chmodSync(join(home, path), 0o755);
  }
}

const why = (program: string, folders: string[], more: Record<string, string> = {}) =>
  whyNotStartable(program, {
    env: { HOME: home, PATH: folders.map((folder) => join(home, folder)).join(':'), ...more },
    before: [join(home, 'ws/node_modules/.bin')],
  });

describe('whyNotStartable', () => {
  it('finds programs on PATH and among package binaries, and nothing else', async () => {
    lay('bin/tool', 'ws/node_modules/.bin/jest', 'outer/node_modules/.bin/other');
    writeFileSync(join(home, 'bin/text'), '');
    mkdirSync(join(home, 'bin/folder'));
    expect(await why('tool', ['bin'])).toBeNull();
    expect(await why('jest', ['bin'])).toBeNull();
    for (const program of ['text', 'folder', 'none', 'other'])
      expect(await why(program, ['bin', 'outer/node_modules/.bin'])).toContain('is not on the PATH');
    expect(await why(join(home, 'bin/tool'), [])).toBeNull();
    expect(await why(join(home, 'bin/none'), [])).toContain('is not there');
  });

  it('does not count a shim whose manager has the program in no version', async () => {
    lay('.pyenv/shims/pytest', '.pyenv/shims/python', '.pyenv/versions/3.12/bin/python');
    expect(await why('python', ['.pyenv/shims'])).toBeNull();
    expect(await why('pytest', ['.pyenv/shims'])).toContain('is a shim of pyenv');
    lay('bin/pytest');
    expect(await why('pytest', ['.pyenv/shims', 'bin'])).toBeNull();
  });

  it('asks rustup for its toolchains, where the person keeps them', async () => {
    lay('.cargo/bin/rustup', '.cargo/bin/cargo', '.cargo/bin/cargo-nextest');
    expect(await why('cargo', ['.cargo/bin'])).toContain('told no RUSTUP_HOME');
    expect(await why('cargo-nextest', ['.cargo/bin'])).toBeNull();
    lay('opt/rustup/toolchains/stable/bin/cargo');
    expect(await why('cargo', ['.cargo/bin'], { RUSTUP_HOME: join(home, 'opt/rustup') })).toBeNull();
    lay('.rustup/toolchains/stable/bin/rustc');
    expect(await why('cargo', ['.cargo/bin'])).toContain('nothing in');
  });
});
