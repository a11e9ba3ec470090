import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findEnvFiles } from './env-files';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-wave-env-files-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function plant(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
}
const found = async (most?: number) =>
  (await findEnvFiles(root, most)).map((path) => path.slice(root.length + 1));

it('finds settings of an environment, and none that are written for everyone', async () => {
  plant(
    '.env',
    '.env.local',
    '.envrc',
    'apps/a/.env.production',
    '.env.example',
    '.env.schema',
    'env',
    '.environment',
    'a.env',
  );
  expect(await found()).toEqual(['.env', '.env.local', '.envrc', 'apps/a/.env.production']);
});

it('looks four folders deep, and into no packages and no hidden folders', async () => {
  plant('1/2/3/4/.env', '1/2/3/4/5/.env', 'node_modules/a/.env', '.cache/.env');
  expect(await found()).toEqual(['1/2/3/4/.env']);
});

it('ends where there are too many folders, or none', async () => {
  plant('.env', 'a/.env', 'b/.env');
  expect(await found(2)).toEqual(['.env', 'a/.env']);
  expect(await findEnvFiles(join(root, 'gone'))).toEqual([]);
});
