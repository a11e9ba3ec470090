import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  envelopeRoles,
  readAgentEnvelope,
  recordSchema,
  resultEnvelopeSchema,
  type EnvelopeRole,
} from '@nx-wave/schemas';
import { parseWave } from '../../built-in';
import { roles } from '../../roles/registry';
import { traitsOf } from '../resolve/units';
import { withoutFrontMatter } from './front-matter';
import { standingPrompt } from './standing-prompt';

const packageRoot = join(__dirname, '..', '..', '..');
const skill = readFileSync(join(packageRoot, 'skills', 'wave-envelope', 'SKILL.md'), 'utf8');

/** Fenced blocks whose info string begins so, with the rest of it. */
function blocks(begin: string): { name: string; text: string }[] {
  return [...skill.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
    .map(([, info = '', text = '']) => ({ info, text }))
    .filter(({ info }) => info.startsWith(begin))
    .map(({ info, text }) => ({ name: info.slice(begin.length).trim(), text }));
}

const example = JSON.parse(blocks('json envelope')[0]?.text ?? 'null') as Record<string, unknown>;
const { implementation, ...header } = example;
const payloads = new Map<string, unknown>([
  ['implementation', implementation],
  ...blocks('json payload').map(({ name, text }): [string, unknown] => [name, JSON.parse(text)]),
]);

describe('the envelope skill', () => {
  it('begins as agents look for skills, which its readers are not shown', () => {
    expect(skill).toMatch(/^---\nname: wave-envelope\ndescription: \S.*\n---\n/);
    expect(withoutFrontMatter(skill)).toMatch(/^# The result envelope\n/);
  });

  it('shows the payload of every role, and of no other', () => {
    expect([...payloads.keys()].sort()).toEqual([...envelopeRoles].sort());
  });

  it.each([...envelopeRoles])('shows a %s payload that is accepted as it stands', (role: EnvelopeRole) => {
    const envelope = { ...header, role, [role]: payloads.get(role) };
    const read = readAgentEnvelope(envelope, {
      agentId: 'A1',
      waveNumber: 3,
      attempt: 2,
      envelopeRole: role,
    });
    expect(read).toMatchObject({ ok: true });
    const runner = {
      waveNumber: 3,
      attempt: 2,
      completedAt: '2026-01-02T03:04:05Z',
      exitCode: 0,
      deliverables: [],
      proofArtifacts: [],
    };
    const whole = { gaps: [], unresolvedBlockers: [], riskNotes: [], ...envelope, ...runner };
    expect(resultEnvelopeSchema.safeParse(whole).error).toBeUndefined();
  });

  it('shows records that keep their shape', () => {
    const records = JSON.parse(blocks('json records')[0]?.text ?? '[]') as unknown[];
    expect(records).toHaveLength(3);
    for (const record of records) expect(recordSchema.parse(record)).toEqual(record);
  });
});

describe('the skill on wave files', () => {
  const text = readFileSync(join(packageRoot, 'skills', 'wave-file', 'SKILL.md'), 'utf8');

  it('begins as agents look for skills', () => {
    expect(text).toMatch(/^---\nname: wave-file\ndescription: \S.*\n---\n/);
  });

  it('shows a wave that is read without a word of complaint', () => {
    const example = /^````markdown\n([^]*?)^````$/m.exec(text)?.[1] ?? '';
    const parsed = parseWave({ path: 'docs/plans/waves/wave-7.md', text: example });
    expect(parsed).toMatchObject({ ok: true, warnings: [] });
  });
});

describe('the role prompts', () => {
  it('exist for every role and for nothing else', () => {
    const names = readdirSync(join(packageRoot, 'role-prompts')).map((name) => name.replace(/\.md$/, ''));
    expect(names.sort()).toEqual(
      [...new Set(roles.map((role) => traitsOf(role).shippedPrompt.replace(/\.md$/, '')))].sort(),
    );
  });

  it.each(roles.map(({ id }) => id))('have a standing prompt for %s', (role) => {
    const text = readFileSync(join(packageRoot, 'role-prompts', `${role}.md`), 'utf8');
    const prompt = standingPrompt(text);
    expect(prompt.length).toBeGreaterThan(200);
    expect(prompt).not.toContain('```');
    expect(text).not.toBe(prompt);
  });
});
