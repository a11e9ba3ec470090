import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Number and project of the wave of the trials. */
export const project = 'wave-1';
export const wavePath = 'docs/plans/waves/wave-1.md';
export const ledgerPath = 'docs/plans/waves/wave-1.ledger';

/** Folders of one trial. Everything that it may touch stands below `dir`. */
export function placesOf(dir) {
  const root = join(dir, 'user');
  return {
    dir,
    root,
    home: join(dir, 'home'),
    /** `TMPDIR` of the commands: checkouts and snapshots. */
    temp: join(dir, 'temp'),
    store: join(root, '.git', 'nx-wave'),
    stateRoot: join(root, '.tmp'),
    /** Starts and ends of agents, written by their programs: outside of every checkout. */
    agentLog: join(dir, 'home', 'agents.log'),
  };
}

export function environmentOf({ home, temp }) {
  return {
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: temp,
    LC_ALL: 'C',
    USER: 'ada',
    GIT_CONFIG_NOSYSTEM: '1',
    NX_WAVE_RUN: 'auto',
  };
}

/** A committed repository with one wave of two agents; the proof of A2 refuses what its first finished run leaves. */
export function createWorkspace(places) {
  const { root, home, temp } = places;
  for (const folder of [root, home, temp]) mkdirSync(folder, { recursive: true });
  chmodSync(temp, 0o700);
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Ada\n\temail = ada@example.test\n[init]\n\tdefaultBranch = main\n\ttemplateDir =\n',
  );
  writeFileSync(places.agentLog, '');
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('.gitignore', '.tmp/\n');
  writeFiles(write);
  const git = (...args) =>
    execFileSync('git', args, { cwd: root, env: environmentOf(places), stdio: 'ignore' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
}

/** The wave, the programs of its agents, and the files that they work on. `write(path, text)`. */
export function writeFiles(write) {
  write('src/base.txt', 'the base\n');
  write('src/old.txt', 'to be replaced\n');
  write('src/gone.txt', 'to be removed\n');
  write(
    'wave.config.json',
    `${JSON.stringify({ version: 1, executors: { default: 'local', local: { isolation: 'off' } }, proof: { isolation: 'off' } }, null, 2)}\n`,
  );
  write(
    'agents/A1.sh',
    agentProgram(
      'A1',
      'printf "new\\n" > src/old.txt; rm src/gone.txt; mkdir -p src/deep/er; printf "made\\n" > src/deep/er/A1.txt',
    ),
  );
  // The same bytes whatever the number of the attempt: a run that was cut off has no part in the result.
  write(
    'agents/A2.sh',
    agentProgram(
      'A2',
      'if [ -e "$HOME/A2.once" ]; then printf "right\\n" > src/A2.txt; else printf "wrong\\n" > src/A2.txt; fi',
      'touch "$HOME/A2.once"',
    ),
  );
  write(wavePath, waveText);
}

const envelope = (id) =>
  JSON.stringify({
    schemaVersion: 2,
    agentId: id,
    role: 'implementation',
    proof: {
      state: 'satisfied',
      completion: 'contract',
      durability: 'none',
      proofLevel: 'unit',
      detail: null,
    },
    implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [] },
  });

/** `done` is logged before the envelope is there: an agent that has written one has certainly said so. */
const agentProgram = (id, work, last = ':') => `cat > /dev/null
echo "start ${id}" >> "$HOME/agents.log"
${work}
${last}
echo "done ${id}" >> "$HOME/agents.log"
printf '%s' '${envelope(id)}' > "$WAVE_RESULT_ENVELOPE.draft"
mv "$WAVE_RESULT_ENVELOPE.draft" "$WAVE_RESULT_ENVELOPE"
`;

const agentBlock = (id, owned, proof) => `## Agent ${id}: ${id} of the trials

### Executor

- id: local
- local.command: sh agents/${id}.sh

### Proof commands

- ${proof}

### Prompt

\`\`\`text
Do the work of ${id}.

File ownership (only touch these paths):
${owned.map((path) => `- ${path}`).join('\n')}
\`\`\`
`;

const waveText = `# Wave 1 - The wave of the trials

${agentBlock('A1', ['src/old.txt', 'src/gone.txt', 'src/deep/er/A1.txt'], 'grep -q new src/old.txt')}
${agentBlock('A2', ['src/A2.txt'], 'grep -q right src/A2.txt')}`;

/** What a person does instead of A2. */
export const personsPatch = `diff --git a/src/A2.txt b/src/A2.txt
new file mode 100644
--- /dev/null
+++ b/src/A2.txt
@@ -0,0 +1 @@
+right
`;
