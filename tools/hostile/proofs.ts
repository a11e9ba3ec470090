import type { Attack } from './attack';

const launcher = '.tmp/main-wave-launcher';
const store = '.git/nx-wave';

/** Tests that agents wrote, run as proof or setup commands, that reach out of their checkout. */
export const hostileProofs: readonly Attack[] = [
  {
    id: 'proof-tree',
    aim: 'write',
    what: 'updates a snapshot in your tree instead of its own',
    does: `put(t.root + '/src/base.txt');`,
    harm: { changed: ({ root }) => `${root}/src/base.txt` },
  },
  {
    id: 'proof-hook',
    aim: 'write',
    what: 'installs a hook in your repository, as a `prepare` script does',
    does: `sh('cp "$1" "$2" && chmod +x "$2"', '/bin/true', t.root + '/.git/hooks/pre-commit');`,
    harm: { changed: ({ root }) => `${root}/.git/hooks/pre-commit` },
  },
  {
    id: 'proof-config',
    aim: 'write',
    what: 'sets `core.hooksPath` of your repository',
    does: `git('config', 'core.hooksPath', '.husky');`,
    harm: { changed: ({ root }) => `${root}/.git/config` },
  },
  {
    id: 'proof-ref',
    aim: 'write',
    what: 'tags your repository',
    does: `git('tag', 'v9');`,
    harm: { changed: ({ root }) => `${root}/.git/refs/tags/v9` },
  },
  {
    id: 'proof-index',
    aim: 'write',
    what: 'stages a file of your tree',
    does: `git('update-index', '--force-remove', 'src/base.txt');`,
    harm: { changed: ({ root }) => `${root}/.git/index` },
  },
  {
    id: 'proof-tree-proof',
    aim: 'write',
    what: 'stores a green proof of a tree',
    does: `put(t.root + '/${store}/tree-proofs/4567.json', '{"results":[]}');`,
    harm: { changed: ({ root }) => `${root}/${store}/tree-proofs/4567.json` },
  },
  {
    id: 'proof-of-proof',
    aim: 'write',
    what: 'changes the sealed proof of another agent',
    does: `put(t.root + '/${store}/proofs/' + t.workKey + '/manifest.json', '{}');`,
    harm: { changed: ({ root, workKey }) => `${root}/${store}/proofs/${workKey}/manifest.json` },
  },
  {
    id: 'proof-closure',
    aim: 'write',
    what: 'writes the record that says that its wave is closed',
    does: `put(t.root + '/${launcher}/closure/wave-1.json', '{"state":"closed"}');`,
    harm: { changed: ({ root }) => `${root}/${launcher}/closure/wave-1.json` },
  },
  {
    id: 'proof-checkout',
    aim: 'write',
    what: 'writes into the checkout that another agent has left',
    does: `put(t.quietCheckout + '/src/A2.txt');`,
    harm: { changed: ({ quietCheckout }) => `${quietCheckout}/src/A2.txt` },
  },
  {
    id: 'proof-npmrc',
    aim: 'write',
    what: 'sets another registry in `~/.npmrc`',
    does: `put(t.home + '/.npmrc', 'registry=http://evil.test');`,
    harm: { changed: ({ home }) => `${home}/.npmrc` },
  },
  {
    id: 'proof-object',
    aim: 'write',
    what: 'puts other bytes into an object of your repository',
    does: `fs.chmodSync(t.object, 0o644); fs.writeFileSync(t.object, 'no object');`,
    harm: { changed: ({ object }) => object },
  },
  {
    id: 'setup-tree',
    aim: 'write',
    what: 'as a setup command, writes to your tree',
    does: `put(t.root + '/src/base.txt');`,
    harm: { changed: ({ root }) => `${root}/src/base.txt` },
    setup: true,
  },
  {
    id: 'setup-hook',
    aim: 'write',
    what: 'as a setup command, installs a hook in your repository',
    does: `put(t.root + '/.git/hooks/pre-push', '#!/bin/sh');`,
    harm: { changed: ({ root }) => `${root}/.git/hooks/pre-push` },
    setup: true,
  },
  {
    id: 'proof-read-registry',
    aim: 'read',
    what: 'reads your login of a registry',
    does: `take(t.home + '/.npmrc');`,
    harm: { learnt: 'registry' },
  },
  {
    id: 'proof-read-forge',
    aim: 'read',
    what: 'reads your login of a forge',
    does: `take(t.home + '/.config/gh/hosts.yml');`,
    harm: { learnt: 'forge' },
  },
  {
    id: 'proof-read-config',
    aim: 'read',
    what: 'reads a password in the configuration of your repository',
    does: `take(t.root + '/.git/config');`,
    harm: { learnt: 'config' },
  },
  {
    id: 'proof-read-store',
    aim: 'read',
    what: 'reads the proof of another agent',
    does: `take(t.root + '/${store}/proofs/' + t.workKey + '/manifest.json');`,
    harm: { learnt: 'proof' },
  },
  {
    id: 'proof-read-environment',
    aim: 'read',
    what: 'reads the environments of all processes of yours',
    does: `for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
  try { const text = fs.readFileSync('/proc/' + pid + '/environ', 'utf8'); if (text.includes('VICTIM_TOKEN=')) loot(text); } catch {}
}`,
    harm: { learnt: 'victim' },
  },
  {
    id: 'proof-call-loopback',
    aim: 'call',
    what: 'calls a service on loopback',
    does: `await say({ port: t.http, host: '127.0.0.1' });`,
    harm: { called: true },
  },
  {
    id: 'proof-call-temporary-socket',
    aim: 'call',
    what: 'talks to a container daemon by its socket in a temporary folder',
    does: `await say({ path: t.temporarySocket });`,
    harm: { called: true },
  },
  {
    id: 'proof-call-home-socket',
    aim: 'call',
    what: 'talks to a container daemon by its socket in your home',
    does: `await say({ path: t.homeSocket });`,
    harm: { called: true },
  },
  {
    id: 'proof-survive',
    aim: 'survive',
    what: 'leaves a server behind',
    does: `live('env', ['-i', 'setsid', process.execPath, '-e', forever, t.mark], { cwd: '/' });`,
    harm: { lives: true },
  },
  {
    id: 'proof-signal',
    aim: 'signal',
    what: 'kills another process of yours',
    does: `sh('kill -9 "$1"', String(t.victim.pid));`,
    harm: { ended: true },
  },
  {
    id: 'proof-exhaust-memory',
    aim: 'exhaust',
    what: 'takes memory in many small processes',
    does: `const eat = 'const b = Buffer.alloc(' + Math.ceil(t.caps.memoryMb / 4) + ' << 20, 1); setTimeout(() => b, 120000)';
const all = [1, 2, 3, 4].map(() => cp.spawn(process.execPath, ['-e', eat], { stdio: 'ignore' }));
await new Promise((done) => setTimeout(done, 500));
await hold();
all.forEach((one) => one.kill('SIGKILL'));
loot('reached');`,
    harm: { learnt: 'reached' },
  },
  {
    id: 'proof-exhaust-memory-folder',
    aim: 'exhaust',
    what: 'fills `/tmp`, which may be memory',
    does: `const folder = fs.mkdtempSync('/tmp/nx-wave-attack-');
try {
  const block = Buffer.alloc(8 << 20, 1);
  for (let mb = 0; mb < t.caps.diskMb; mb += 8) fs.appendFileSync(path.join(folder, 'big.bin'), block);
  loot('reached');
} finally {
  fs.rmSync(folder, { recursive: true });
}`,
    harm: { learnt: 'reached' },
    told: 'foretold',
  },
  {
    id: 'proof-exhaust-temporary',
    aim: 'exhaust',
    what: 'fills its temporary folder',
    does: `const block = Buffer.alloc(8 << 20, 1);
const file = path.join(os.tmpdir(), 'big.bin');
for (let mb = 0; mb < t.caps.diskMb; mb += 8) fs.appendFileSync(file, block);
await hold();
fs.rmSync(file);
loot('reached');`,
    harm: { learnt: 'reached' },
  },
];
