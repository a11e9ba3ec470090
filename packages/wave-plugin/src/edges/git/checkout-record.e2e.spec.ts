import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGitEdge } from './git-edge';
import { makeRepoRig, must, writeFiles } from './testing/repo-rig';

it.each([
  ['collected', 'collect.index', false],
  ['reset a tree', 'index', true],
])(
  'a checkout whose git was killed while it %s can be taken over, though %s is still locked',
  async (_what, name, isRebuilt) => {
    const rig = makeRepoRig({ 'a.txt': 'a\n' });
    try {
      const { checkout } = await rig.checkout();
      writeFiles(checkout.root, { 'new.txt': 'work\n' });
      const record = must(rig.edge.recordCheckout(checkout));
      writeFileSync(join(checkout.runnerGitDir, `${name}.lock`), 'half of an index');
      if (isRebuilt) writeFileSync(join(checkout.runnerGitDir, name), 'broken');
      const later = createGitEdge({ env: rig.env, tmpDir: rig.dir });
      const taken = must(await later.reopenCheckout(record));
      const { changes } = must(
        await later.collect(taken, { artifactPaths: [], packFile: join(rig.dir, 'pack') }),
      );
      expect(changes.map(({ path }) => path)).toEqual(['new.txt']);
    } finally {
      rig.remove();
    }
  },
);
