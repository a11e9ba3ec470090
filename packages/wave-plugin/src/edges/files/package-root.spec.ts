import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot, packageRootOf } from './package-root';

describe('the folder of a package', () => {
  it.each(['.', 'dist', 'dist/executors/agent', 'src/edges/files'])('is found from %s below it', (below) => {
    const dir = mkdtempSync(join(tmpdir(), 'package-root-'));
    try {
      mkdirSync(join(dir, 'package', below), { recursive: true });
      for (const place of ['.', 'package']) writeFileSync(join(dir, place, 'package.json'), '{}');
      expect(packageRootOf(join(dir, 'package', below))).toBe(join(dir, 'package'));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('of ours holds what is shipped', () => {
    for (const shipped of ['role-prompts', 'skills/wave-envelope/SKILL.md', 'executors.json'])
      expect(existsSync(join(packageRoot, shipped))).toBe(true);
  });
});
