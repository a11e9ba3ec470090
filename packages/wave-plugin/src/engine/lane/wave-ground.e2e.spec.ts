// Tests core/validate/ground.rules.ts, edges/git/wave-ground.ts, engine/agent/refuse-ignored.ts, engine/agent/refuse-missing-content.ts.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Failure } from '@nx-wave/schemas/plain';
import { lfsObjectPath, writePointer } from '../../core/lfs-pointer';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { planWave } from '../wave/plan-wave';
import { examineMachine } from './examine-machine';
import { lintLane } from './lint-lane';

const wave = 'docs/plans/waves/wave-1.md';
const groundCodes = [
  'deliverable-ignored',
  'owned-ignored',
  'owned-uncommitted',
  'owned-name-not-utf8',
  'filter-missing',
  'owned-unreached',
  'lfs-content-missing',
];

/** What is said of the ground of the wave: what stops it and what is advice in `plan`, and the same in `lint-waves`. */
async function groundOf(rig: WaveRig) {
  const edges = rig.edges();
  const session = await rig.session(edges);
  if (!session.ok) throw new Error(session.error.map(({ message }) => message).join('\n'));
  const planned = await planWave(session.value);
  if (!planned.ok) throw new Error(planned.error.message);
  const lane = { workspaceRoot: rig.root, project: 'waves', projectId: null, lane: 'main', waves: [wave] };
  const linted = await lintLane({ ...lane, include: [] }, edges);
  const ours = (failures: readonly Failure[]) => failures.filter(({ code }) => groundCodes.includes(code));
  const { stops, warnings } = planned.value.plan;
  const found = { stops: ours(stops), advice: ours(warnings) };
  expect(ours(linted.failures)).toEqual(expect.arrayContaining([...found.stops, ...found.advice]));
  expect(ours(linted.failures)).toHaveLength(found.stops.length + found.advice.length);
  return found;
}

describe('the ground of a wave', () => {
  it('names the line that hides a deliverable, and pays nobody for it', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', owns: ['src/gen/'], deliverables: ['src/gen/out.js'] }],
    });
    rig.write('.gitignore', '.tmp/\n\ngen/\n');
    const { stops, advice } = await groundOf(rig);
    expect(stops).toMatchObject([
      { code: 'deliverable-ignored', severity: 'error', place: { path: wave, agentId: 'A1' } },
    ]);
    expect(stops[0]?.message).toContain('`src/gen/out.js` is ignored by git: line 3 of .gitignore, `gen/`');
    expect(advice).toMatchObject([{ code: 'owned-ignored', severity: 'warning' }]);
    const { failures, ran } = await rig.agent('A1');
    expect([failures.map(({ code }) => code), ran]).toEqual([['deliverable-ignored'], {}]);
    // At the promise itself, as lint does.
    expect(failures[0]).toMatchObject({ place: stops[0]?.place, excerpt: stops[0]?.excerpt });
  });

  it('names the line that hides a proof artifact, as it does for a deliverable', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          owns: ['src/A1.txt', 'proof/'],
          sections: '### Proof artifacts\n\n- path: proof/log.txt',
        },
      ],
    });
    rig.write('.gitignore', '.tmp/\n*.log\nlog.txt\n');
    const { stops } = await groundOf(rig);
    expect(stops).toMatchObject([{ code: 'deliverable-ignored', severity: 'error' }]);
    expect(stops[0]?.message).toContain(
      'proof artifact `proof/log.txt` is ignored by git: line 3 of .gitignore',
    );
    const { failures, ran } = await rig.agent('A1');
    expect([failures.map(({ code }) => code), ran]).toEqual([['deliverable-ignored'], {}]);
  });

  it('is said to be unknown where git does not tell, and stops nobody', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1', deliverables: ['src/A1.txt'] }] });
    const real = execFileSync('which', ['git'], { env: rig.env, encoding: 'utf8' }).trim();
    mkdirSync(join(rig.dir, 'bin'), { recursive: true });
    const git = `#!/bin/sh\nfor word; do [ "$word" = check-ignore ] && exit 3; done\nexec ${real} "$@"\n`;
    writeFileSync(join(rig.dir, 'bin', 'git'), git, { mode: 0o755 });
    const { failures, lines, ran } = await rig.agent('A1');
    expect([failures, ran]).toEqual([[], { A1: 1 }]);
    expect(lines.join('\n')).toMatch(/warning: whether git ignores what A1 promises is not known: /);
  });

  it('says nothing of what git tracks, of artifacts, and of what a later line lets through', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          owns: ['src/a.log', 'src/b.log', '.tmp/main-wave-launcher/integration/'],
          deliverables: ['src/a.log', 'src/b.log', '.tmp/main-wave-launcher/integration/out.md'],
        },
      ],
      files: { 'src/a.log': 'kept\n', '.gitignore': '.tmp/\n' },
    });
    rig.write('.gitignore', '.tmp/\n*.log\n!src/b.log\n');
    expect(await groundOf(rig)).toEqual({ stops: [], advice: [] });
  });

  it('leaves an ignore file to the agent that may change it', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1', owns: ['src/'], deliverables: ['src/out.js'] }] });
    rig.write('src/.gitignore', 'out.js\n');
    rig.git('add', '-A');
    rig.git('commit', '-q', '-m', 'hidden');
    expect(await groundOf(rig)).toMatchObject({
      stops: [],
      advice: [{ code: 'deliverable-ignored', severity: 'warning' }],
    });
  });

  it('names owned files that no commit holds, and no others', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', owns: ['src/lib/'] }, { id: 'A2' }],
      files: { 'src/lib/base.txt': 'base\n' },
    });
    expect(await groundOf(rig)).toEqual({ stops: [], advice: [] });
    rig.write('src/lib/base.txt', 'edited\n');
    rig.write('src/lib/new.txt', 'new\n');
    rig.write('other.txt', 'not theirs\n');
    expect(await groundOf(rig)).toMatchObject({
      stops: [],
      advice: [
        {
          code: 'owned-uncommitted',
          severity: 'warning',
          place: { agentId: 'A1' },
          facts: { paths: ['src/lib/base.txt', 'src/lib/new.txt'] },
        },
      ],
    });
  });

  it('names an owned file whose name is not UTF-8', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1', owns: ['src/'] }] });
    writeFileSync(Buffer.from(`${rig.root}/src/caf\xe9`, 'latin1'), 'x\n');
    rig.git('add', '-A');
    rig.git('commit', '-q', '-m', 'a name of bytes');
    expect((await groundOf(rig)).advice).toMatchObject([
      { code: 'owned-name-not-utf8', facts: { paths: ['src/caf\\xe9'] } },
    ]);
  });

  it('names the filter that owned and promised files need and git does not know', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', owns: ['src/'], deliverables: ['src/new.bin'] }],
      files: { 'src/logo.bin': 'x\n', '.gitattributes': '*.bin filter=nobody\n' },
    });
    expect((await groundOf(rig)).advice).toMatchObject([
      {
        code: 'filter-missing',
        severity: 'warning',
        facts: { paths: ['src/logo.bin', 'src/new.bin'] },
        next: expect.stringContaining('git config filter.nobody.clean'),
      },
    ]);
    const lane = { workspaceRoot: rig.root, project: 'waves', projectId: null, lane: 'main', waves: [wave] };
    const { unfiltered } = await examineMachine({ ...lane, include: [] }, rig.edges());
    expect(unfiltered.map(({ path, filter }) => [path, filter])).toEqual([
      ['src/logo.bin', 'nobody'],
      ['src/new.bin', 'nobody'],
    ]);
    rig.git('config', 'filter.nobody.clean', 'cat');
    expect(await groundOf(rig)).toEqual({ stops: [], advice: [] });
  });

  it('looks at every path, also where one lies beyond a link and one in a submodule', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          owns: ['linked/out.js', 'src/gen/', 'vendor/lib/out.js'],
          deliverables: ['src/gen/out.js'],
        },
      ],
    });
    mkdirSync(join(rig.root, 'real'));
    writeFileSync(join(rig.root, 'real', 'base.js'), 'x\n');
    symlinkSync('real', join(rig.root, 'linked'));
    rig.write('.gitignore', '.tmp/\ngen/\n');
    const head = rig.git('rev-parse', 'HEAD').trim();
    rig.git('update-index', '--add', '--cacheinfo', `160000,${head},vendor/lib`);
    mkdirSync(join(rig.root, 'vendor', 'lib'), { recursive: true });
    const { stops, advice } = await groundOf(rig);
    expect(stops).toMatchObject([{ code: 'deliverable-ignored' }]);
    expect(advice.filter(({ code }) => code === 'owned-unreached')).toMatchObject([
      { message: expect.stringContaining('`linked/out.js` lies beyond a link'), severity: 'warning' },
      { message: expect.stringContaining('`vendor/lib/out.js` lies in a submodule'), severity: 'warning' },
    ]);
  });

  it('stops an agent that would work on a pointer of Git LFS, and pays nobody', async () => {
    const content = 'the picture\n';
    const sha256 = createHash('sha256').update(content).digest('hex');
    const pointer = { sha256, bytes: content.length };
    await using rig = createWaveRig({
      agents: [{ id: 'A1', owns: ['src/A1.txt', 'art/logo.bin'], deliverables: ['src/A1.txt'] }],
      files: {
        '.gitattributes': '*.bin filter=lfs\n',
        'art/logo.bin': writePointer(pointer),
        'art/other.bin': writePointer({ ...pointer, bytes: 7 }),
      },
    });
    const { stops, advice } = await groundOf(rig);
    expect(stops).toMatchObject([
      {
        code: 'lfs-content-missing',
        place: { path: wave, agentId: 'A1' },
        next: 'git lfs pull --include=art/logo.bin',
        facts: { paths: ['art/logo.bin'] },
      },
    ]);
    expect(stops[0]?.excerpt).toContain('art/logo.bin');
    const told = advice.filter(({ code }) => code === 'lfs-content-missing');
    expect(told).toMatchObject([{ severity: 'warning', next: 'git lfs pull --include=art/other.bin' }]);
    const { failures, ran } = await rig.agent('A1');
    expect([failures.map(({ code }) => code), ran]).toEqual([['lfs-content-missing'], {}]);
    const object = join(rig.root, '.git', 'lfs', lfsObjectPath(pointer));
    mkdirSync(dirname(object), { recursive: true });
    writeFileSync(object, content);
    expect((await groundOf(rig)).stops).toEqual([]);
    expect((await rig.agent('A1')).ran).toEqual({ A1: 1 });
  });
});
