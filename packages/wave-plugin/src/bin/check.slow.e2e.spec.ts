// Tests `nx-wave check --watch` as its users run it: check.ts in a process of the packages as they are published.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const source = resolve(__dirname, '..', '..', '..', '..');
const wave = 'docs/plans/waves/wave-1.md';
/** As `init` writes it: a first wave owes no stewards and no components. */
const config = {
  validation: {
    requireContQaFromWave: null,
    requireDocumentationStewardFromWave: null,
    requireComponentPromotionsFromWave: null,
    requireAgentComponentsFromWave: null,
  },
};
const text = (deliverables = '### Deliverables') => `# Wave 1 - A greeting

**Commit message**: \`feat: greet by name\`

## Agent A1: Greeting

${deliverables}

- src/greet.mjs

### Proof commands

- node --test src/greet.test.mjs

### Prompt

\`\`\`text
Write greet(name).

File ownership (only touch these paths):
- src/
\`\`\`
`;

describe('a wave file that is checked while somebody writes it', () => {
  let program: string;
  let folder: string;
  let child: ChildProcess | undefined;
  beforeAll(() => {
    const made = execFileSync(process.execPath, [join(source, 'tools', 'test-packages.mjs')], {
      encoding: 'utf8',
    });
    program = join(made, 'wave-plugin', 'dist', 'bin', 'nx-wave.js');
  });
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-check-')));
    mkdirSync(join(folder, 'docs/plans/waves'), { recursive: true });
    writeFileSync(join(folder, 'wave.config.json'), JSON.stringify(config));
    writeFileSync(join(folder, wave), text());
  });
  afterEach(() => {
    if (child?.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts the program in a process group of its own; `says` waits for words that were not there before. */
  function start(...args: string[]) {
    const started = spawn(process.execPath, [program, 'check', wave, ...args], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    let output = '';
    let wake: () => void = () => undefined;
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        wake();
      });
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }>(
      (done) => {
        started.once('close', (code, signal) => done({ code, signal, output }));
      },
    );
    const says = async (words: RegExp) => {
      const never = AbortSignal.timeout(300_000);
      for (;;) {
        const found = words.exec(output);
        if (found) return void (output = output.slice(found.index + found[0].length));
        await new Promise<void>((heard, over) => {
          wake = heard;
          const untold = () => over(new Error(`never said: ${String(words)}\n${output}`));
          never.onabort = untold;
          void ended.then(untold);
        });
      }
    };
    return { ended, says, pid: started.pid ?? 0 };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is judged after each save, and %s ends it with nothing left',
    async (signal) => {
      const { ended, says, pid } = start('--watch');
      await says(/nothing to say/);
      writeFileSync(join(folder, wave), text('### Deliverabels'));
      await says(/wave-1\.md:7.*Deliverabels[^]*Deliverables/);
      // As editors do: another file in its place.
      writeFileSync(join(folder, 'docs/plans/waves/draft'), text());
      renameSync(join(folder, 'docs/plans/waves/draft'), join(folder, wave));
      await says(/nothing to say/);
      rmSync(join(folder, wave));
      await says(/wave-1\.md is not there/);
      writeFileSync(join(folder, wave), text());
      await says(/nothing to say/);
      process.kill(-pid, signal);
      expect(await ended).toMatchObject({ code: null, signal });
      expect(() => process.kill(-pid, 0)).toThrow(/ESRCH/);
    },
  );

  it('is judged once without --watch, by the exit code too', async () => {
    expect(await start().ended).toMatchObject({ code: 0, output: `${wave}: nothing to say\n` });
    writeFileSync(join(folder, wave), text('### Deliverabels'));
    const wrong = await start().ended;
    expect(wrong.code).toBe(1);
    expect(wrong.output).toMatch(/Deliverabels/);
  });
});
