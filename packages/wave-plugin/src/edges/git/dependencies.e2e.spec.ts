import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { err, failure, ok } from '@nx-wave/schemas/plain';
import { currentOwner } from '../lease/owner';
import { type Checkout, type CheckoutOptions } from './contracts';
import { createGitEdge } from './git-edge';
import { type RepoRig, type TestFiles, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
afterEach(() => rig.remove());

const sources: TestFiles = {
  '.gitignore': 'node_modules\n.env\nvendor\n',
  'package.json': '{}',
  'packages/a/package.json': '{"name":"@x/a"}',
  'packages/a/index.js': 'module.exports = "a of the user";\n',
  'packages/b/package.json': '{"name":"@x/b"}',
  'packages/b/index.js': 'module.exports = require("@x/a") + ", " + require("third");\n',
};
const npm: TestFiles = {
  'node_modules/@x/a': { link: '../../packages/a' },
  'node_modules/@x/b': { link: '../../packages/b' },
  'node_modules/third/index.js': 'module.exports = "third";\n',
  'node_modules/.bin/b': { link: '../@x/b/index.js' },
  'node_modules/.cache/x': 'cache of the user',
};
const third = '.pnpm/third@1.0.0/node_modules/third';
const pnpm: TestFiles = {
  [`node_modules/${third}/index.js`]: 'module.exports = "third";\n',
  'node_modules/.pnpm/lock.yaml': 'x',
  'node_modules/.modules.yaml': 'x',
  'node_modules/@x/b': { link: '../../packages/b' },
  'packages/b/node_modules/@x/a': { link: '../../../a' },
  'packages/b/node_modules/third': { link: `../../../node_modules/${third}` },
  'packages/b/node_modules/.bin/third': { run: '#!/bin/sh\nexec node "$(dirname "$0")/../third/index.js"\n' },
};

async function checkoutWith(options: CheckoutOptions, name = 'home-of-checkout'): Promise<Checkout> {
  const repo = await rig.open();
  const snapshot = must(
    await rig.edge.snapshot(repo, { mode: 'worktree', into: join(rig.dir, `snapshot-of-${name}`) }),
  );
  const base = { ...snapshot, parentCommit: snapshot.commit };
  return must(await rig.edge.createCheckout(repo, base, { home: join(rig.dir, name), ...options }));
}
const node = (checkout: Checkout, expression: string) =>
  execFileSync('node', ['-p', expression], {
    cwd: checkout.workspaceDir,
    env: { ...rig.env, ...checkout.env },
    encoding: 'utf8',
  }).trim();

describe('dependencies in a checkout', () => {
  it.each([
    ['npm', 'links', npm],
    ['npm', 'copy', npm],
    ['pnpm', 'links', pnpm],
    ['pnpm', 'copy', pnpm],
  ] as const)(
    'laid out by %s and shared by %s resolve workspace packages inside the checkout',
    async (_, nodeModules, layout) => {
      rig = makeRepoRig(sources);
      rig.write(layout);
      const checkout = await checkoutWith({ nodeModules });
      writeFiles(checkout.workspaceDir, { 'packages/a/index.js': 'module.exports = "a of the agent";\n' });
      expect(node(checkout, 'require("@x/b")')).toBe('a of the agent, third');
      expect(existsSync(join(checkout.workspaceDir, 'node_modules/.cache'))).toBe(false);
      expect(must(await rig.collect(checkout)).changes.map((c) => c.path)).toEqual(['packages/a/index.js']);
      must(await rig.edge.resetTo(checkout, checkout.baseTree));
      expect(node(checkout, 'require("@x/b")')).toBe('a of the user, third');
    },
  );

  it.each(['links', 'copy'] as const)(
    'are as they were made once a tree is cleaned, shared by %s',
    async (nodeModules) => {
      rig = makeRepoRig(sources);
      rig.write({ ...npm, 'node_modules/@y/one/index.js': '1', 'node_modules/second/index.js': '2' });
      const checkout = await checkoutWith({ nodeModules });
      const modules = join(checkout.root, 'node_modules');
      const seen = () =>
        readdirSync(modules, { recursive: true, withFileTypes: true })
          .map(({ name, parentPath }) => join(parentPath, name))
          .map((path) => [path, lstatSync(path).isSymbolicLink() ? readlinkSync(path) : '']);
      const made = seen();
      rmSync(join(modules, '@x/a'));
      rmSync(join(modules, '@x/b'));
      symlinkSync(join(rig.dir, 'elsewhere'), join(modules, '@x/b'));
      rmSync(join(modules, 'second'), { recursive: true });
      rmSync(join(modules, 'third'), { recursive: true });
      rmSync(join(modules, '.bin/b'));
      writeFiles(modules, {
        'third/index.js': 'broken',
        '.bin/b': 'broken',
        second: 'broken',
        'fourth/index.js': '4',
      });
      renameSync(join(modules, '@y'), join(rig.dir, 'moved'));
      symlinkSync(join(rig.dir, 'moved'), join(modules, '@y'));
      must(await rig.edge.resetTo(checkout, checkout.baseTree));
      expect(seen()).toEqual(made);
      expect(node(checkout, 'require("@x/b")')).toBe('a of the user, third');
      expect(existsSync(join(rig.dir, 'moved/one'))).toBe(true);
    },
  );

  it('share links that lead where they should, and make their own where one in store leads elsewhere', async () => {
    rig = makeRepoRig(sources);
    rig.write({ ...npm, 'node_modules/second/index.js': '2' });
    const spareLinks = join(rig.dir, 'spares');
    mkdirSync(spareLinks);
    const first = await checkoutWith({ nodeModules: 'links', spareLinks });
    const package2 = (checkout: Checkout) => join(checkout.root, 'node_modules/second');
    expect(lstatSync(package2(first)).nlink).toBe(2);
    for (const name of readdirSync(spareLinks)) {
      rmSync(join(spareLinks, name));
      symlinkSync(join(rig.dir, 'elsewhere'), join(spareLinks, name));
    }
    const second = await checkoutWith({ nodeModules: 'links', spareLinks }, 'second');
    expect(lstatSync(package2(second)).nlink).toBe(1);
    for (const checkout of [first, second]) {
      expect(readlinkSync(package2(checkout))).toBe(join(rig.root, 'node_modules/second'));
      expect(node(checkout, 'require("@x/b")')).toBe('a of the user, third');
    }
  });

  it("are the checkout's own when copied", async () => {
    rig = makeRepoRig(sources);
    rig.write(npm);
    const checkout = await checkoutWith({ nodeModules: 'copy' });
    writeFileSync(join(checkout.workspaceDir, 'node_modules/third/index.js'), 'broken');
    expect(readFileSync(join(rig.root, 'node_modules/third/index.js'), 'utf8')).toContain('third');
    expect(await rig.edge.findWritesThroughLinks(checkout)).toEqual([]);
  });

  it('tell when an agent wrote through a link, and only then', async () => {
    rig = makeRepoRig(sources);
    rig.write({ ...npm, 'packages/a/node_modules/nested/index.js': 'x' });
    const checkout = await checkoutWith({ nodeModules: 'links' });
    writeFiles(checkout.workspaceDir, { 'node_modules/mine/index.js': 'x', 'node_modules/.cache/y': 'y' });
    expect(await rig.edge.findWritesThroughLinks(checkout)).toEqual([]);
    writeFileSync(join(checkout.workspaceDir, 'node_modules/third/index.js'), 'poison');
    writeFileSync(join(checkout.workspaceDir, 'packages/a/node_modules/nested/new.js'), 'poison');
    expect(await rig.edge.findWritesThroughLinks(checkout)).toEqual([
      'node_modules/third/index.js',
      'packages/a/node_modules/nested/new.js',
    ]);
  });

  it('accuse nobody when a package manager links a file of theirs once more, or takes such a link away', async () => {
    rig = makeRepoRig(sources);
    rig.write(npm);
    const checkout = await checkoutWith({ nodeModules: 'links' });
    const [file, other] = [join(rig.root, 'node_modules/third/index.js'), join(rig.root, '..', 'linked.js')];
    const before = lstatSync(file).ctimeMs;
    linkSync(file, other);
    expect(lstatSync(file).ctimeMs).toBeGreaterThan(before);
    expect(await rig.edge.findWritesThroughLinks(checkout)).toEqual([]);
    rmSync(other);
    expect(await rig.edge.findWritesThroughLinks(checkout)).toEqual([]);
  });

  it('that the repository itself carries come first', async () => {
    rig = makeRepoRig({ ...sources, '.gitignore': '', 'node_modules/carried/index.js': 'carried\n' });
    rig.write({ 'node_modules/third/index.js': 'third\n', '.gitignore': 'node_modules/third\n' });
    const checkout = await checkoutWith({ nodeModules: 'links' });
    expect(lstatSync(join(checkout.root, 'node_modules/carried')).isDirectory()).toBe(true);
    expect(lstatSync(join(checkout.root, 'node_modules/third')).isSymbolicLink()).toBe(true);
    writeFiles(checkout.root, { 'node_modules/carried/index.js': 'edited\n' });
    expect(must(await rig.collect(checkout)).changes.map((c) => c.path)).toEqual([
      'node_modules/carried/index.js',
    ]);
  });

  it("have no programs of the user's workspace on PATH", async () => {
    rig = makeRepoRig(sources);
    rig.write(npm);
    const path = [
      join(rig.root, 'node_modules/.bin'),
      join(rig.dir, 'node_modules/.bin'),
      join(rig.root, 'packages/a/node_modules/.bin'),
      '/usr/bin',
    ];
    const edge = createGitEdge({ env: { ...rig.env, PATH: [...path, rig.env['PATH']].join(':') } });
    const repo = must(await edge.openRepository(rig.root));
    const snapshot = must(await edge.snapshot(repo, { mode: 'worktree', into: join(rig.dir, 's') }));
    const checkout = must(
      await edge.createCheckout(repo, { ...snapshot, parentCommit: null }, { home: join(rig.dir, 'h') }),
    );
    const entries = (checkout.env['PATH'] ?? '').split(':');
    expect(entries[0]).toBe(join(checkout.workspaceDir, 'node_modules/.bin'));
    for (const entry of path.slice(0, 3)) expect(entries).not.toContain(entry);
    expect(entries).toContain('/usr/bin');
  });
});

describe('workspace.links and workspace.setup', () => {
  it('link what git does not carry, and keep it out of every slice', async () => {
    rig = makeRepoRig(sources);
    rig.write({ '.env': 'SECRET=1\n', 'vendor/lib/x.h': 'x\n' });
    const checkout = await checkoutWith({ links: ['.env', 'vendor/lib/', 'absent'] });
    expect(readFileSync(join(checkout.workspaceDir, 'vendor/lib/x.h'), 'utf8')).toBe('x\n');
    expect(realpathSync(join(checkout.workspaceDir, '.env'))).toBe(join(rig.root, '.env'));
    writeFiles(checkout.workspaceDir, { '.gitignore': 'node_modules\n' });
    expect(must(await rig.collect(checkout)).changes.map((c) => c.path)).toEqual(['.gitignore']);
    must(await rig.edge.resetTo(checkout, checkout.baseTree));
    expect(existsSync(join(checkout.workspaceDir, '.env'))).toBe(true);
    await rig.edge.removeCheckout(checkout);
    await expect(checkoutWith({ links: ['../outside'] })).rejects.toThrow(/inside the workspace/);
  });

  it('set a checkout up again after each cleaning, in place of shared dependencies', async () => {
    rig = makeRepoRig(sources);
    rig.write(npm);
    let runs = 0;
    const checkout = await checkoutWith({
      setup: async (made) => {
        writeFiles(made.workspaceDir, { 'node_modules/installed/index.js': String((runs += 1)) });
        return ok(undefined);
      },
    });
    expect(readdirSync(join(checkout.workspaceDir, 'node_modules'))).toEqual(['installed']);
    must(await rig.edge.resetTo(checkout, checkout.baseTree));
    expect(runs).toBe(2);
    expect(must(await rig.collect(checkout)).changes).toEqual([]);
  });

  it('pass on why a setup failed', async () => {
    rig = makeRepoRig(sources);
    const repo = await rig.open();
    const snapshot = must(await rig.edge.snapshot(repo, { mode: 'worktree', into: join(rig.dir, 's') }));
    const setup = async () => err(failure('workspace-setup-failed', 'npm ci ended with 1'));
    expect(
      await rig.edge.createCheckout(
        repo,
        { ...snapshot, parentCommit: null },
        { home: join(rig.dir, 'h'), setup },
      ),
    ).toMatchObject({ ok: false, error: { code: 'workspace-setup-failed' } });
  });
});

describe('folders that a killed run left', () => {
  it('are swept when their process is dead, and only then', async () => {
    rig = makeRepoRig(sources);
    const { checkout } = await rig.checkout({ name: 'scratch/alive' });
    const scratch = join(rig.dir, 'scratch');
    const pid = Number(spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString());
    const here = currentOwner();
    const leave = (name: string, owner: object) =>
      writeFiles(join(scratch, name), { 'owner.json': JSON.stringify(owner), 'tree/x': 'x' });
    leave('dead-process', { ...here, pid });
    leave('reused-pid', { ...here, startTime: '1' });
    leave('before-reboot', { ...here, bootId: 'another' });
    leave('nested/checkout', { ...here, pid });
    leave('other-machine', { ...here, host: 'elsewhere' });
    mkdirSync(join(scratch, 'no-note'));
    mkdirSync(join(scratch, 'dead-process/locked'), { mode: 0o000 });
    expect(await rig.edge.sweepStale(scratch)).toEqual([
      'before-reboot',
      'dead-process',
      'nested',
      'reused-pid',
    ]);
    expect(readdirSync(scratch).sort()).toEqual(['alive', 'alive-snapshot', 'no-note', 'other-machine']);
    expect(existsSync(checkout.root)).toBe(true);
    expect(await rig.edge.sweepStale(join(rig.dir, 'absent'))).toEqual([]);
  });
});
