import { parseWave } from '../../built-in';
import { printWave } from '../parse/print-wave';
import { draftAgent, draftWave } from './draft-wave';
import { fillTemplate, programPath, templateIds, templateTitles, type TemplateInput } from './templates';

const input: TemplateInput = {
  wave: 4,
  executorId: 'local',
  local: true,
  programDir: 'tools/agents/wave-4',
  docsDir: 'docs',
  sharedPlanDocs: ['docs/plans/current-state.md'],
  launcherDir: '.tmp/main-wave-launcher',
  work: null,
  stewards: false,
  promotions: [],
  matrix: { path: 'docs/matrix.json', page: 'docs/matrix.md' },
};
const work = {
  task: 'Speed the parser up.',
  owns: ['libs/parser/'],
  deliverables: ['libs/parser/src/fast.ts'],
  proofCommands: ['npx nx test parser'],
};
const cases = templateIds.flatMap((template) =>
  [false, true].flatMap((stewards) =>
    [null, work].flatMap((chosen) =>
      [[], [{ componentId: 'parser', targetLevel: 'baseline-proved' }]].map((promotions) => ({
        template,
        stewards,
        work: chosen,
        own: chosen !== null,
        promotions,
        components: promotions.length,
      })),
    ),
  ),
);

function readBack(template: (typeof templateIds)[number], changes: Partial<TemplateInput>) {
  const { agents, deployEnvironments } = fillTemplate(template, { ...input, ...changes });
  const path = 'docs/plans/waves/wave-4.md';
  const definition = draftWave({
    wave: 4,
    path,
    title: templateTitles[template],
    commitMessage: 'feat: wave 4',
    dependsOn: ['wave-3'],
    promotions: changes.promotions ?? [],
    deployEnvironments,
    agents: agents.map(draftAgent),
  });
  const parsed = parseWave({ path, text: printWave(definition) });
  return { agents, definition, parsed };
}

describe('fillTemplate', () => {
  it.each(cases)(
    'makes a wave that is read back as it was meant, without a word of complaint: $template, stewards $stewards, own work $own, components $components',
    ({ template, stewards, work: chosen, promotions }) => {
      const { definition, parsed } = readBack(template, { stewards, work: chosen, promotions });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
      expect(parsed.warnings).toEqual([]);
      const plain = ({ agents, ...rest }: typeof definition) => ({
        ...rest,
        agents: agents.map(({ line: _line, proofStrength: _none, ...agent }) => agent),
      });
      expect(plain(parsed.value)).toEqual(plain(definition));
    },
  );

  it.each(templateIds)(
    'gives every agent of a local %s wave a program, and no agent of another one',
    (template) => {
      const local = fillTemplate(template, { ...input, stewards: true });
      expect(local.programs.map(({ path }) => path)).toEqual(
        local.agents.map(({ agentId }) => programPath(input, agentId)),
      );
      const other = fillTemplate(template, { ...input, executorId: 'toy', local: false, stewards: true });
      expect(other.programs).toEqual([]);
      expect(other.agents.every(({ command, executorId }) => command === null && executorId === 'toy')).toBe(
        true,
      );
    },
  );

  it('proves the work of every example by a command', () => {
    for (const template of templateIds)
      expect(fillTemplate(template, input).agents[0]?.proofCommands).not.toEqual([]);
  });
});
