import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { printDigestList } from '../core/trust/digest-list';
import { signatureNamespace, signersFile } from '../core/trust/signatures';
import { createWaveRig, type WaveRig } from './rig';

/** Keys by who has them: the one that may sign, one that nobody knows, one whose time is over, one for another namespace. */
export const keyHolders = ['ada', 'mallory', 'former', 'gitonly'] as const;
export type KeyHolder = (typeof keyHolders)[number];

/** A signed and closed wave of two agents, and everything that a tamperer can do to it. */
export interface SignedWave extends AsyncDisposable {
  rig: WaveRig;
  /** The launcher folder, absolute. */
  launcher: string;
  /** The commit that the signers are taken from. */
  base: string;
  /** A commit whose list of signers names somebody else alone. */
  otherSigners: string;
  keyOf(holder: KeyHolder): string;
  at(path: string): string;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Replaces one character of a text file by another one. */
  flip(path: string, place?: number): void;
  remove(path: string): void;
  /** Lists every file that the list names, as it is now, in place of the list. What is gone is left out. */
  relist(): void;
  sign(path: string, holder: KeyHolder, namespace?: string): void;
  /** Folder of a unit's proof, below the launcher folder. */
  proof(unit: string): string;
  /** Writes the manifest of a proof anew over its files, and signs it. */
  reseal(unit: string, holder: KeyHolder): void;
  /** Changes the record of the closing. */
  edit(change: (record: Record<string, unknown>) => void): void;
  /** Puts everything back. */
  restore(): void;
}

export const paths = {
  list: 'closure/wave-1.sha256',
  signature: 'closure/wave-1.sha256.sig',
  record: 'closure/wave-1.json',
  patch: 'closure/wave-1.patch',
  verdict: 'gates/wave-1/implementation.json',
  prove: 'gates/wave-1/prove.json',
  shownPatch: 'gates/wave-1/prove/changes.patch',
} as const;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Closes a small wave with a key of Ada, whom the checked-out commit lets sign. */
export async function createSignedWave(): Promise<SignedWave> {
  const rig = createWaveRig({
    agents: [
      { id: 'A1', proofCommands: ['test -f src/A1.txt'] },
      { id: 'A2', proofCommands: ['test -f src/A2.txt'] },
    ],
  });
  const keyOf = (holder: KeyHolder) => join(rig.dir, 'keys', holder);
  mkdirSync(dirname(keyOf('ada')));
  for (const holder of keyHolders)
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', holder, '-f', keyOf(holder)]);
  const line = (holder: KeyHolder, options = `namespaces="${signatureNamespace}"`) =>
    `${holder}@example.test ${options} ${readFileSync(`${keyOf(holder)}.pub`, 'utf8')}`;
  const commitSigners = (text: string) => {
    rig.write(signersFile, text);
    rig.git('add', '-A');
    rig.git('commit', '-q', '-m', 'signers');
    return rig.git('rev-parse', 'HEAD').trim();
  };
  const otherSigners = commitSigners(line('former'));
  const base = commitSigners(
    [
      line('ada'),
      line('former', `namespaces="${signatureNamespace}",valid-before="20200101"`),
      line('gitonly', 'namespaces="git"'),
    ].join(''),
  );
  const closed = await rig.launch({ env: { ...rig.env, NX_WAVE_SIGNING_KEY: keyOf('ada') } });
  if (closed.closure?.state !== 'closed') throw new Error(closed.lines.join('\n'));
  return worldOf(rig, { keyOf, base, otherSigners });
}

function worldOf(
  rig: WaveRig,
  { keyOf, base, otherSigners }: Pick<SignedWave, 'keyOf' | 'base' | 'otherSigners'>,
): SignedWave {
  const launcher = join(rig.root, '.tmp', 'main-wave-launcher');
  const kept = join(rig.dir, 'kept');
  cpSync(launcher, kept, { recursive: true });
  const keptSigners = rig.read(signersFile);
  const at = (path: string) => join(launcher, path);
  const read = (path: string) => readFileSync(at(path), 'utf8');
  const write = (path: string, text: string) => writeFileSync(at(path), text);
  const sign: SignedWave['sign'] = (path, holder, namespace = signatureNamespace) => {
    rmSync(`${at(path)}.sig`, { force: true });
    execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', namespace, '-f', keyOf(holder), at(path)], {
      stdio: 'ignore',
    });
  };
  const proof = (unit: string) => {
    const [attempt = ''] = readdirSync(at('results/wave-1')).filter((name) =>
      existsSync(at(`results/wave-1/${name}/${unit}/manifest.json`)),
    );
    return `results/wave-1/${attempt}/${unit}`;
  };
  const edit: SignedWave['edit'] = (change) => {
    const record = JSON.parse(read(paths.record)) as Record<string, unknown>;
    change(record);
    write(paths.record, `${canonicalJson(record)}\n`);
  };
  return {
    rig,
    launcher,
    base,
    otherSigners,
    keyOf,
    at,
    read,
    write,
    sign,
    proof,
    edit,
    flip(path, place) {
      const bytes = readFileSync(at(path));
      const where = place ?? Math.floor(bytes.length / 2);
      bytes[where] = (bytes[where] ?? 0) ^ 1;
      writeFileSync(at(path), bytes);
    },
    remove: (path) => rmSync(at(path), { recursive: true, force: true }),
    relist() {
      const named = read(paths.list)
        .split('\n')
        .filter(Boolean)
        .map((one) => one.slice(66));
      const files = named.filter((path) => existsSync(at(path)));
      write(
        paths.list,
        printDigestList(files.map((path) => ({ path, sha256: sha256(readFileSync(at(path))) }))),
      );
    },
    reseal(unit, holder) {
      const folder = proof(unit);
      const manifest = JSON.parse(read(`${folder}/manifest.json`)) as {
        subject: { name: string; digest: { sha256: string } }[];
      };
      for (const one of manifest.subject)
        one.digest.sha256 = sha256(readFileSync(at(`${folder}/${one.name}`)));
      const before = sha256(readFileSync(at(`${folder}/manifest.json`)));
      write(`${folder}/manifest.json`, `${canonicalJson(manifest as never)}\n`);
      const after = sha256(readFileSync(at(`${folder}/manifest.json`)));
      sign(`${folder}/manifest.json`, holder);
      write(paths.record, read(paths.record).replace(before, after));
    },
    restore() {
      rmSync(launcher, { recursive: true, force: true });
      cpSync(kept, launcher, { recursive: true });
      rig.write(signersFile, keptSigners);
      rig.git('add', '-A');
      for (const ref of rig
        .git('for-each-ref', '--format=%(refname)', 'refs/replace')
        .split('\n')
        .filter(Boolean))
        rig.git('update-ref', '-d', ref);
    },
    [Symbol.asyncDispose]: async () => rig.dispose(),
  };
}

/** One way to tamper with a signed wave. */
export interface Tampering {
  what: string;
  does(world: SignedWave): void;
  /** The one check of `verify` that stands against it, where it is only one: without that check it gets through. */
  onlyBy?: string;
  /** The one section of the guide, likewise. */
  guideOnlyBy?: number;
  /** The commit that the signers are taken from, where it is another one. */
  base?(world: SignedWave): string;
}

/** A key that nobody has let sign, let in by everything but the base. */
function letIn(world: SignedWave): void {
  const key = readFileSync(`${world.keyOf('mallory')}.pub`, 'utf8');
  world.rig.write(signersFile, `mallory@example.test ${key}`);
}

/** The list of what stands there now, signed by somebody who may: what a holder of the key could do. */
function signAgain(world: SignedWave): void {
  world.relist();
  world.sign(paths.list, 'ada');
}

const lines = (world: SignedWave) => world.read(paths.list).split('\n').slice(0, -1);

export const tamperings: readonly Tampering[] = [
  // The signed list.
  { what: 'a digit of a digest in the list', does: (w) => w.flip(paths.list, 3) },
  { what: 'a letter of a name in the list', does: (w) => w.flip(paths.list, 70) },
  {
    what: 'a line taken from the list',
    does: (w) => w.write(paths.list, `${lines(w).slice(1).join('\n')}\n`),
  },
  {
    what: 'a line added to the list',
    does: (w) => appendFileSync(w.at(paths.list), `${'0'.repeat(64)}  handoff/wave-1/A3.json\n`),
  },
  {
    what: 'two lines of the list changed about',
    does: (w) => w.write(paths.list, `${[...lines(w)].reverse().join('\n')}\n`),
  },
  {
    what: 'a folder in the place of the list',
    does: (w) => {
      w.remove(paths.list);
      mkdirSync(w.at(paths.list));
    },
  },
  { what: 'the last line end of the list gone', does: (w) => w.write(paths.list, lines(w).join('\n')) },
  { what: 'other line ends in the list', does: (w) => w.write(paths.list, `${lines(w).join('\r\n')}\r\n`) },
  { what: 'an empty list', does: (w) => w.write(paths.list, '') },
  { what: 'no list', does: (w) => w.remove(paths.list) },
  {
    what: 'an altered file with a list that fits it',
    does: (w) => {
      w.flip(paths.shownPatch);
      w.relist();
    },
    onlyBy: 'signature',
    guideOnlyBy: 1,
  },
  // Its signature.
  { what: 'a letter of the signature', does: (w) => w.flip(paths.signature, 120) },
  { what: 'a signature cut short', does: (w) => truncateSync(w.at(paths.signature), 120) },
  { what: 'an empty signature', does: (w) => w.write(paths.signature, '') },
  { what: 'no signature', does: (w) => w.remove(paths.signature) },
  { what: 'a signature by a key that nobody knows', does: (w) => w.sign(paths.list, 'mallory') },
  { what: 'a signature by a key whose time is over', does: (w) => w.sign(paths.list, 'former') },
  { what: 'a signature by a key for another namespace', does: (w) => w.sign(paths.list, 'gitonly') },
  { what: 'a signature that was made for git', does: (w) => w.sign(paths.list, 'ada', 'git') },
  {
    what: 'a good signature of something else',
    does: (w) => cpSync(w.at(`${w.proof('A1')}/manifest.json.sig`), w.at(paths.signature)),
  },
  {
    what: 'a signature among other text',
    does: (w) => w.write(paths.signature, `x\n${w.read(paths.signature)}`),
  },
  // Who may sign.
  {
    what: 'a key let in by the working tree',
    does: (w) => {
      letIn(w);
      w.sign(paths.list, 'mallory');
    },
  },
  {
    what: 'a key let in by the index',
    does: (w) => {
      letIn(w);
      w.rig.git('add', '-A');
      w.sign(paths.list, 'mallory');
    },
  },
  {
    what: 'a key let in by a replaced object',
    does: (w) => {
      letIn(w);
      const forged = w.rig.git('hash-object', '-w', signersFile).trim();
      w.rig.git('replace', w.rig.git('rev-parse', `${w.base}:${signersFile}`).trim(), forged);
      w.sign(paths.list, 'mallory');
    },
  },
  { what: 'a base that lets somebody else sign', does: () => undefined, base: (w) => w.otherSigners },
  { what: 'a base without a list of signers', does: () => undefined, base: (w) => `${w.otherSigners}~1` },
  { what: 'a base that there is not', does: () => undefined, base: () => '0'.repeat(40) },
  {
    what: 'a wave that changes who may sign',
    does: (w) => {
      w.edit((record) => {
        const before = { mode: '100644', oid: '1'.repeat(40) };
        (record['changes'] as unknown[]).push({ path: signersFile, before, after: before });
      });
      signAgain(w);
    },
    onlyBy: 'signers',
    guideOnlyBy: 7,
  },
  // The record and the patch.
  { what: 'a letter of the record', does: (w) => w.flip(paths.record, 40) },
  { what: 'white space behind the record', does: (w) => appendFileSync(w.at(paths.record), ' ') },
  { what: 'no record', does: (w) => w.remove(paths.record) },
  { what: 'a record of an open wave', does: (w) => w.edit((record) => (record['state'] = 'open')) },
  {
    what: 'a record of an open wave, signed',
    does: (w) => {
      w.edit((record) => (record['state'] = 'open'));
      signAgain(w);
    },
    guideOnlyBy: 3,
  },
  { what: 'a letter of the patch', does: (w) => w.flip(paths.patch) },
  { what: 'an empty patch', does: (w) => w.write(paths.patch, '') },
  { what: 'no patch', does: (w) => w.remove(paths.patch) },
  { what: 'more behind the patch', does: (w) => appendFileSync(w.at(paths.patch), w.read(paths.patch)) },
  {
    what: 'a patch that does not make the proven tree, signed',
    does: (w) => {
      const before = sha256(readFileSync(w.at(paths.patch)));
      w.write(paths.patch, '');
      w.edit((record) => (record['patchSha256'] = sha256(Buffer.alloc(0))));
      if (before === sha256(readFileSync(w.at(paths.patch)))) throw new Error('the patch was empty before');
      signAgain(w);
    },
    onlyBy: 'tree',
    guideOnlyBy: 6,
  },
  // Verdicts, and what gates left.
  { what: 'a letter of a verdict', does: (w) => w.flip(paths.verdict) },
  { what: 'no verdict', does: (w) => w.remove(paths.verdict) },
  {
    what: 'a letter of the slices of a gate',
    does: (w) => w.flip('gates/wave-1/implementation/slices.json'),
  },
  {
    what: 'a byte of the objects of a gate',
    does: (w) => w.flip('gates/wave-1/implementation/objects.pack'),
  },
  { what: 'a letter of what prove found', does: (w) => w.flip(paths.prove) },
  {
    what: 'a letter of the patch that prove shows',
    does: (w) => w.flip(paths.shownPatch),
    onlyBy: 'files',
    guideOnlyBy: 2,
  },
  {
    what: 'one more file beside what gates left',
    does: (w) => w.write('gates/wave-1/security.json', '{}'),
    onlyBy: 'files',
    guideOnlyBy: 4,
  },
  {
    what: 'a link beside what gates left',
    does: (w) => symlinkSync('prove.json', w.at('gates/wave-1/security.json')),
    onlyBy: 'files',
    guideOnlyBy: 4,
  },
  { what: 'a letter of a handoff', does: (w) => w.flip('handoff/wave-1/A1.json') },
  { what: 'no handoff', does: (w) => w.remove('handoff/wave-1/A2.json') },
  // Proofs.
  { what: 'a letter of a manifest', does: (w) => w.flip(`${w.proof('A1')}/manifest.json`) },
  {
    what: 'a letter of the signature of a proof',
    does: (w) => w.flip(`${w.proof('A1')}/manifest.json.sig`, 120),
  },
  { what: 'no signature of a proof', does: (w) => w.remove(`${w.proof('A1')}/manifest.json.sig`) },
  { what: 'a letter of the patch of a proof', does: (w) => w.flip(`${w.proof('A1')}/changes.patch`) },
  {
    what: 'a letter of a transcript',
    does: (w) => appendFileSync(w.at(`${w.proof('A1')}/transcript.jsonl`), ' '),
  },
  { what: 'a letter of an envelope', does: (w) => w.flip(`${w.proof('A2')}/envelope.json`) },
  { what: 'a letter of a shown envelope', does: (w) => w.flip(`${w.proof('A2')}.json`) },
  { what: 'a file of a proof gone', does: (w) => w.remove(`${w.proof('A2')}/prompt.md`) },
  { what: 'one more file in a proof', does: (w) => w.write(`${w.proof('A2')}/more.txt`, '') },
  {
    what: 'a link in the place of a file of a proof',
    does: (w) => {
      const path = w.at(`${w.proof('A2')}/prompt.md`);
      renameSync(path, join(w.rig.dir, 'elsewhere.md'));
      symlinkSync(join(w.rig.dir, 'elsewhere.md'), path);
    },
  },
  {
    what: 'two proofs changed about',
    does: (w) => {
      const [one, other, aside] = [w.proof('A1'), w.proof('A2'), 'aside'];
      renameSync(w.at(one), w.at(aside));
      renameSync(w.at(other), w.at(one));
      renameSync(w.at(aside), w.at(other));
    },
  },
  { what: 'no proof of an agent', does: (w) => w.remove(w.proof('A2')) },
  {
    what: 'no proof of an agent, signed',
    does: (w) => {
      w.remove(`${w.proof('A2')}.json`);
      w.remove(w.proof('A2'));
      signAgain(w);
    },
    onlyBy: 'record',
    guideOnlyBy: 3,
  },
  {
    what: 'a proof that somebody else made, signed',
    does: (w) => {
      appendFileSync(w.at(`${w.proof('A1')}/transcript.jsonl`), '{}\n');
      w.reseal('A1', 'mallory');
      signAgain(w);
    },
    onlyBy: 'proofs',
    guideOnlyBy: 5,
  },
  {
    what: 'a proof that nobody signed, signed',
    does: (w) => {
      w.remove(`${w.proof('A1')}/manifest.json.sig`);
      signAgain(w);
    },
    onlyBy: 'proofs',
    guideOnlyBy: 5,
  },
];
