// The generator `draft`, with a program of the workspace in the place of a model.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspace, type Workspace } from './workspace';

const path = 'docs/plans/waves/wave-1.md';
/** Writes a wave file; with a slip in it where the goal says so. */
const program = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeEnvelope } from '@nx-wave/plugin/envelope';
const heading = readFileSync(0, 'utf8').includes('with a slip') ? '### Deliverable' : '### Deliverables';
mkdirSync('docs/plans/waves', { recursive: true });
writeFileSync('${path}', [
  '# Wave 1 - Units', '', '## Agent A1: Units', '', heading, '', '- src/units.ts', '', '### Prompt', '',
  '\`\`\`text', 'Write units.', '', 'File ownership (only touch these paths):', '- src/units.ts', '\`\`\`', '',
].join('\\n'));
writeEnvelope({ detail: 'drafted' });
`;

describe('nx g @nx-wave/plugin:draft', () => {
  let clone: Workspace;
  const draft = (goal: string, ...flags: string[]) =>
    clone.nx(['g', '@nx-wave/plugin:draft', goal, '--no-interactive', ...flags]);
  const local = ['--executor=local', '--command=node tools/drafter.mjs'];
  beforeAll(async () => {
    clone = createWorkspace('user');
    clone.write('tools/drafter.mjs', program);
    await clone.nx(['g', '@nx-wave/plugin:init', '--no-interactive']);
  });
  afterAll(() => clone.dispose());

  it('says which program would do what for how much, and starts nothing that was not asked for', async () => {
    const { code, output } = await draft('Units', '--executor=claude', '--maxUsd=2');
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /Nothing was started.+With --pay it would be: Claude Code drafts docs\/plans\/waves\/wave-1\.md, at most \$2/,
    );
    expect(existsSync(join(clone.root, '.git', 'nx-wave', 'attempts'))).toBe(false);
  });

  it('refuses a draft that cannot be launched with the reason, and writes nothing', async () => {
    const { code, output } = await draft('Units, with a slip', ...local);
    expect(code).not.toBe(0);
    expect(output).toContain('Write `### Deliverables`');
    expect(existsSync(join(clone.root, path))).toBe(false);
  });

  it('writes a wave file that can be launched, and nothing else', async () => {
    const before = clone.git('status', '--porcelain', '--untracked-files=all');
    const { code, output } = await draft('Units', ...local);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(/Launched as it stands, it runs on this machine:\s+A1 /);
    expect(clone.read(path)).toContain('## Agent A1: Units');
    const after = clone.git('status', '--porcelain', '--untracked-files=all').split('\n');
    expect(after.filter((line) => !before.split('\n').includes(line))).toEqual([`?? ${path}`]);
    expect((await clone.nx(['run', 'waves:lint-waves'])).code).toBe(0);
  });

  it('writes over no file', async () => {
    const { code, output } = await draft('Units', '--number=1', ...local);
    expect(code).not.toBe(0);
    expect(output).toContain(`${path} is there already, and is not written over`);
  });
});
