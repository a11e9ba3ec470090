// Stands for `registry.ts`: what a role takes besides its own file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handoffSchema, taskSchema } from '@nx-wave/schemas';
import { parseWave, resolveWave } from '../built-in';
import { inferTargets } from '../core/infer/targets';
import { type ResolvedWave, type RoleRule } from '../core/model';
import { compilePrompt } from '../core/prompt/compile-prompt';
import { standingPrompt } from '../core/prompt/standing-prompt';
import { waveIdentity } from '../core/resolve/identity';
import { validateWave } from '../core/validate/validate-wave';
import { judgeGates, reportPathsOf } from '../gates/registry';
import { buildHandoff, buildEvidence } from '../testing/stage-evidence';
import { simulateWave } from '../testing/simulated-wave';
import { importsPrompt } from './imports-prompt';
import { isText } from './is-text';
import { roles } from './registry';

/** A role that nobody has heard of, in one object: all that a new one takes besides its line in the registry. */
const privacyRole: RoleRule = {
  id: 'privacy',
  envelopeRole: 'security',
  stage: 'security',
  traits: { shippedPrompt: 'security.md', seesDeployEnvironments: true },
  agentId: 'P0',
  closes: true,
  report: { what: 'a privacy report', isReport: (path) => isText(path) && /privacy/i.test(path) },
  matches: (agent, names) =>
    agent.agentId === names.agentIds['privacy'] || importsPrompt(agent, 'privacy', names),
  implementationOwning: () => false,
};
const all = [privacyRole, ...roles];

const path = 'docs/plans/waves/wave-3.md';
const identity = waveIdentity(path, {}) ?? fail();

function fail(): never {
  throw new Error('the wave has no identity');
}

function block(id: string, owns: string, sections = ''): string {
  return `## Agent ${id}: Work of ${id}
${sections}### Prompt
\`\`\`
Do the work of ${id}.
File ownership:
- ${owns}
\`\`\`
`;
}

function read(text: string, config: Parameters<typeof waveIdentity>[1] = {}) {
  const parsed = parseWave({ path, text }, { roles: all, config });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
  const resolved = resolveWave(parsed.value, { identity, config }, { roles: all, text });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.failures));
  return { definition: parsed.value, wave: resolved.value };
}

const unit = (wave: ResolvedWave, id: string) => wave.agents.find(({ unitId }) => unitId === id) ?? fail();

const text = [block('A1', 'src/a.ts'), block('P0', 'docs/privacy/wave-3.md'), block('A0', 'docs/qa.md')].join(
  '\n',
);

describe('a role that is only a file and a line in the registry', () => {
  it('is given to its agent: by its id, a configured id, or its prompt under the usual name', () => {
    expect(unit(read(text).wave, 'P0')).toMatchObject({ role: 'privacy', stage: 'security' });
    const renamed = read(block('Q7', 'docs/privacy.md'), { roles: { privacyAgentId: 'Q7' } });
    expect(unit(renamed.wave, 'Q7').role).toBe('privacy');
    const imported = block('A5', 'docs/privacy.md', '### Role prompts\n- docs/agents/wave-privacy-role.md\n');
    expect(unit(read(imported).wave, 'A5').role).toBe('privacy');
  });

  it('runs in its stage: after the stage before, and before the one that follows', () => {
    const { targets } = inferTargets(read(text).wave, {
      root: 'w',
      targetPrefix: '',
      ledger: { landed: false, agent: () => ({ epoch: null, entries: [] }) },
      shadowed: [],
      ultracache: false,
    });
    const before = (target: string) => targets[target]?.dependsOn?.map((edge) => edge.target);
    expect(before('agent-p0')).toEqual(['gate-implementation']);
    expect(before('gate-security')).toEqual(['agent-p0', 'gate-implementation']);
    expect(targets['agent-p0']?.metadata.description).toBe('Agent P0 (privacy): Work of P0');
  });

  it('has the executor that the configuration chooses for it', () => {
    const config = { runtimePolicy: { defaultExecutorByRole: { privacy: 'claude' } } };
    expect(unit(read(text, config).wave, 'P0').executor).toMatchObject({
      id: 'claude',
      selectedBy: 'lane-role-default',
    });
  });

  it('is told who it is, with the standing prompt that its file names', () => {
    const { wave } = read(text);
    const agent = unit(wave, 'P0');
    const shipped = join(__dirname, '..', '..', 'role-prompts', agent.traits.shippedPrompt);
    const standing = standingPrompt(readFileSync(shipped, 'utf8'));
    const prompt = compilePrompt({
      wave,
      agent,
      standing: [standing],
      skills: [],
      documents: [],
      answers: [],
      amendments: [],
      inbox: [],
      attempt: { number: 1, continued: false, reasons: [] },
      envelope: { path: 'envelope.json', schemaPath: 'schema.json', skill: '' },
    });
    expect(prompt).toContain('You are agent P0 (privacy) of wave-3.');
    expect(prompt).toContain(standing);
  });

  it('is judged by the gate of its envelope, in its stage', () => {
    const { wave } = read(text);
    const agent = unit(wave, 'P0');
    const security = {
      securityState: { state: 'blocked', findings: 1, approvals: 0, detail: null },
    } as const;
    expect(reportPathsOf(wave, 'security')).toEqual([]);
    const judged = (handoff = buildHandoff(agent, {}, wave)) =>
      judgeGates(buildEvidence(wave, 'security', { handoffs: [handoff] })).reasons;
    expect(judged()).toEqual([]);
    expect(judged(buildHandoff(agent, { security }, wave))).toMatchObject([
      { gate: 'security', code: 'security-blocked', agentIds: ['P0'] },
    ]);
  });

  it('owes what its file says: its report, its prompt, and no second role that closes', () => {
    const owing = [block('A1', 'src/a.ts'), block('P0', 'docs/notes.md'), block('A0', 'docs/qa.md')].join(
      '\n',
    );
    const both = block('P0', 'docs/privacy.md', '### Role prompts\n- docs/agents/wave-security-role.md\n');
    const codes = (wave: string) =>
      validateWave({ ...read(wave), config: {}, read: () => null, text: wave }, { roles: all, executors: [] })
        .filter(({ place }) => place?.agentId === 'P0')
        .map(({ code }) => code);
    expect(codes(owing)).toEqual(expect.arrayContaining(['report-not-owned', 'role-prompt-not-imported']));
    expect(codes(text)).not.toContain('report-not-owned');
    expect(codes(both)).toContain('role-conflict');
  });

  it('stands in documents that keep their schema', () => {
    const { wave } = read(text);
    expect(handoffSchema.parse(buildHandoff(unit(wave, 'P0'), {}, wave))).toMatchObject({ role: 'privacy' });
    const { tasks } = simulateWave(wave).state();
    expect(tasks.map((task) => taskSchema.parse(task)).map(({ taskType }) => taskType)).toContain('privacy');
  });
});
