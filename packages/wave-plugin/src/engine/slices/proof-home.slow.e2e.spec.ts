// Tests edges/git/proof-home.ts, edges/git/proof-environment.ts and engine/slices/proof-commands.ts.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { planWave } from '../wave/plan-wave';
import { runReport } from '../wave/run-report';
import { createWaveRig, type RigOptions, type WaveRig } from '../../testing/rig';

const homeOf = ({ dir }: Pick<WaveRig, 'dir'>) => join(dir, 'home');

/** Lays files below the home of the person; a name that ends in `!` is a program. */
function furnish(rig: WaveRig, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(homeOf(rig), name.replace(/!$/, ''));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (name.endsWith('!')) chmodSync(path, 0o755);
  }
}

const program = (body: string) => `#!/bin/sh\n${body}\n`;
/** A shim: it finds the program itself below the home, unless its variable says where. */
const shim = (variable: string, folder: string, real: string) =>
  program(`exec "\${${variable}:-$HOME/${folder}}/${real}" "$@"`);

const layouts = {
  '.nvm/versions/node/v20.0.0/bin/nvm-tool!': shim('NVM_DIR', '.nvm', 'lib/tool'),
  '.nvm/lib/tool!': program('exit 0'),
  '.pyenv/shims/py-tool!': shim('PYENV_ROOT', '.pyenv', 'versions/3.12/bin/py-tool'),
  '.pyenv/versions/3.12/bin/py-tool!': program('exit 0'),
  '.cargo/bin/rust-tool!': shim('RUSTUP_HOME', '.rustup', 'toolchains/stable/bin/rust-tool'),
  '.rustup/toolchains/stable/bin/rust-tool!': program(
    'test "$(cat "${CARGO_HOME:-$HOME/.cargo}/registry/index")" = packages',
  ),
  '.cargo/registry/index': 'packages\n',
  '.cargo/credentials.toml': 'token = "hush"\n',
};
const shims = ['.nvm/versions/node/v20.0.0/bin', '.pyenv/shims', '.cargo/bin'];

/** A wave of one agent, whose tools stand in the home of the person. */
function rigOf(proofCommands: string[], more: Partial<RigOptions> & { does?: string } = {}): WaveRig {
  const { does, ...options } = more;
  return createWaveRig({
    ...options,
    agents: [{ id: 'A1', ...(does === undefined ? {} : { does }), proofCommands }],
  });
}

/** The environment of a person with these files at home, and their shims on PATH. */
function personOf(rig: WaveRig, files: Record<string, string>) {
  furnish(rig, files);
  const path = [...shims.map((folder) => join(homeOf(rig), folder)), rig.env['PATH']].join(':');
  return { env: { ...rig.env, PATH: path } };
}

/** Runs the wave: its commands are run for the slice, and on the merged tree. */
async function launch(rig: WaveRig, files: Record<string, string> = {}) {
  const { failures, lines, closure } = await rig.launch(personOf(rig, files));
  return { failures, state: closure?.state, text: lines.join('\n') };
}

/** Runs the agent alone: its commands are run for the slice. */
async function prove(rig: WaveRig, files: Record<string, string> = {}) {
  const { failures, tasks } = await rig.agent('A1', personOf(rig, files));
  return { failures, state: tasks['agent-a1'] };
}

/** What the plan of today and the report of what was proved say of a home that was not private. */
async function told(rig: WaveRig) {
  const session = await rig.session();
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  const planned = await planWave(session.value);
  const written = await runReport(session.value, 'markdown');
  if (!planned.ok || !written.ok) throw new Error('neither planned nor reported');
  return {
    advised: planned.value.plan.warnings.some(({ code }) => code === 'proof-home-user'),
    reported: /So were proved: [^.]*\./.exec(rig.read(written.value))?.[0],
  };
}

const sh = (script: string) => `sh -c '${script}'`;

describe('the home of proof commands', () => {
  it('is private, and what stands in the home of the person is not found', async () => {
    await using rig = rigOf([
      sh('test ! -e ~/.secret && test ! -e ~/.npmrc && test ! -e ~/.cargo'),
      sh('test ! -e "$CARGO_HOME/credentials.toml"'),
      sh('test -z "$XDG_CONFIG_HOME"'),
      sh('! git config --get user.signingkey && git config user.email'),
    ]);
    const ended = await launch(rig, {
      ...layouts,
      '.secret': 'hush',
      '.npmrc': '//registry.example/:_authToken=hush',
      '.gitconfig': '[user]\n\tname = Ada\n\temail = ada@example.test\n\tsigningkey = hush\n',
    });
    expect(ended).toMatchObject({ state: 'closed', failures: [] });
  });

  it('leaves the toolchains that live in the home of the person where they are found', async () => {
    await using rig = rigOf(['nvm-tool', 'py-tool', 'rust-tool']);
    expect(await prove(rig, layouts)).toMatchObject({ state: 'proven', failures: [] });
  });

  it('is made anew for each command, while tools keep what they have fetched', async () => {
    await using rig = rigOf(
      [
        sh(
          'test ! -e ~/left && touch ~/left && mkdir -p "$npm_config_cache" && touch "$npm_config_cache/fetched"',
        ),
        sh('test ! -e ~/left && test -e "$npm_config_cache/fetched"'),
      ],
      { does: `write('src/A1.txt', 'mine'); write(env.HOME + '/left', ''); ` },
    );
    expect(await prove(rig)).toMatchObject({ state: 'proven', failures: [] });
    expect(existsSync(join(homeOf(rig), '.npm'))).toBe(false);
  });

  it('has what setup commands left in it, for every command, and for the agent what they fetched', async () => {
    await using rig = rigOf([sh('test -L ~/ready && rm ~/ready'), sh('test -L ~/ready')], {
      config: {
        workspace: {
          setup: [
            sh('ln -s /dev/null ~/ready; mkdir -p "$npm_config_cache"; touch "$npm_config_cache/fetched"'),
          ],
        },
      },
      does: `if (!exists(env.npm_config_cache + '/fetched')) process.exit(1); write('src/A1.txt', 'mine');`,
    });
    expect(await prove(rig)).toMatchObject({ state: 'proven', failures: [] });
  });

  it('is that of the person where the configuration says so, and plan, tasks and report say it', async () => {
    const read = [sh('cat ~/.secret')];
    await using rig = rigOf(read, { config: { proof: { home: 'user' } } });
    const ended = await launch(rig, { '.secret': 'hush' });
    expect(ended).toMatchObject({ state: 'closed', failures: [] });
    expect(ended.text).toContain('proof.home: "user"');
    expect(await told(rig)).toEqual({ advised: true, reported: 'So were proved: A1, the merged tree.' });
    rig.configure({ proof: {} });
    expect(await told(rig)).toMatchObject({ advised: false });
  });

  it('belongs to what a merged tree was proved by: another policy proves it again and pays nobody', async () => {
    const log = 'echo ran >> "$RUNS"';
    await using rig = rigOf([sh(log)], { config: { proof: { env: ['RUNS'] } } });
    const runs = join(rig.dir, 'proof-runs');
    rig.env['RUNS'] = runs;
    const count = () => readFileSync(runs, 'utf8').trim().split('\n').length;
    await launch(rig);
    const before = count();
    await launch(rig);
    expect(count()).toBe(before);
    rig.configure({ proof: { env: ['RUNS'], home: 'user' } });
    const again = await rig.launch();
    expect([again.ran, again.closure?.state, count() > before]).toEqual([{}, 'closed', true]);
  });

  it('is enough for the commands that most workspaces are tested by', async () => {
    await using rig = rigOf(['npm test', 'npx --no made-tool', 'node --test tests/a.test.mjs'], {
      files: {
        'package.json': '{"name": "w", "scripts": {"test": "node --test tests/a.test.mjs && made-tool"}}\n',
        'tests/a.test.mjs': "import { test } from 'node:test';\ntest('a', () => {});\n",
      },
    });
    rig.write('node_modules/.bin/made-tool', '#!/bin/sh\n');
    chmodSync(join(rig.root, 'node_modules/.bin/made-tool'), 0o755);
    expect(await prove(rig)).toMatchObject({ state: 'proven', failures: [] });
  });

  it('comes with the variables of `proof.env`', async () => {
    await using rig = rigOf([sh('test "$DATABASE_URL" = here && test "$NODE_OPTIONS" = --no-warnings')], {
      env: { DATABASE_URL: 'here', OTHER_URL: 'there' },
      config: { proof: { env: ['DATABASE_URL', 'NODE_OPTIONS=--no-warnings'] } },
    });
    expect(await prove(rig)).toMatchObject({ state: 'proven', failures: [] });
  });
});
