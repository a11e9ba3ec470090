import { type Failure } from '@nx-wave/schemas/plain';
import { quote } from '../parse/diagnostics';
import { nearest } from '../parse/nearest';
import { readSource } from '../parse/source';
import { type ValidationRule } from './facts';
import { roleOf } from './roles.rules';

/** Role prompts stand in their folder, exist, and hold a standing prompt. */
export const rolePromptsExist: ValidationRule = (facts) => {
  const folder = `${facts.names.rolePromptDir}/`;
  return facts.definition.agents.flatMap((agent) =>
    agent.rolePrompts.flatMap((path): Failure[] => {
      const blame = { agent, section: '### Role prompts', needle: path };
      if (!path.startsWith(folder) || !path.endsWith('.md'))
        return [
          facts.locator.failure('role-prompt-outside', blame, {
            message: `The role prompt ${quote(path)} is no \`.md\` file in ${quote(folder)}.`,
            next: `Move it to \`${folder}\`, or name another folder in \`roles.rolePromptDir\`.`,
          }),
        ];
      const text = facts.read(path);
      if (text === null)
        return [
          facts.locator.failure('role-prompt-missing', blame, {
            message: `The role prompt ${quote(path)} does not exist.`,
            next: 'Write the file, or remove the line.',
          }),
        ];
      return hasStandingPrompt(path, text)
        ? []
        : [
            facts.locator.failure('standing-prompt-missing', blame, {
              message: `${quote(path)} has no \`## Standing prompt\` with a fenced block.`,
              next: 'Add the heading and put the prompt of the role between two fences below it.',
            }),
          ];
    }),
  );
};

function hasStandingPrompt(path: string, text: string): boolean {
  const { headings, fences } = readSource(path, text);
  const heading = headings.find(
    ({ level, title }) => level === 2 && title.toLowerCase() === 'standing prompt',
  );
  if (!heading) return false;
  const end = headings.find(({ level, index }) => index > heading.index && level <= 2)?.index ?? Infinity;
  return fences.some(({ openedAt }) => openedAt > heading.index && openedAt < end);
}

/** Every prompt names the documents that the configuration wants every agent to read. */
export const promptsReferToRequired: ValidationRule = (facts) => {
  const required = facts.scope.validation.requiredPromptReferences;
  return facts.definition.agents.flatMap((agent) => {
    const prompts = [agent.prompt, ...agent.rolePrompts.map((path) => facts.read(path) ?? '')];
    return required
      .filter((reference) => !prompts.some((text) => text.includes(reference)))
      .map((reference) =>
        facts.locator.failure(
          'prompt-reference-missing',
          { agent, section: '### Prompt' },
          {
            message: `The prompt of agent ${quote(agent.agentId)} does not name ${quote(reference)}.`,
            next: `Add \`- Read ${reference}.\` under \`Required context\`.`,
          },
        ),
      );
  });
};

/** Skills that an agent or the configuration names have a folder with a `SKILL.md`; those of the configuration are one finding. */
export const skillsExist: ValidationRule = (facts) => {
  const named = new Set(facts.wave.agents.flatMap(({ skills }) => skills));
  const missing = [...named].sort().filter((folder) => facts.read(`${folder}/SKILL.md`) === null);
  const namerOf = (folder: string) => {
    const id = folder.slice(folder.lastIndexOf('/') + 1);
    return facts.definition.agents.find(({ skills }) => skills.includes(id));
  };
  const goneWithout = (folders: readonly string[]) =>
    facts.wave.agents
      .filter(({ skills }) => skills.some((folder) => folders.includes(folder)))
      .map(({ agentId }) => quote(agentId))
      .filter((agentId, index, all) => all.indexOf(agentId) === index)
      .join(', ');
  const shared = missing.filter((folder) => namerOf(folder) === undefined);
  return [
    ...missing.flatMap((folder) => {
      const agent = namerOf(folder);
      if (agent === undefined) return [];
      const needle = folder.slice(folder.lastIndexOf('/') + 1);
      return [
        facts.locator.failure(
          'skill-missing',
          { agent, section: '### Skills', needle },
          {
            message: `The skill ${quote(folder)} has no \`SKILL.md\`; ${goneWithout([folder])} would go without it.`,
            next: `Write ${folder}/SKILL.md, or remove the skill.`,
            severity: 'warning',
          },
        ),
      ];
    }),
    ...(shared.length === 0
      ? []
      : [
          facts.locator.failure(
            'skill-missing',
            {},
            {
              message: `Skills of wave.config.json have no \`SKILL.md\`: ${shared.map(quote).join(', ')}; ${goneWithout(shared)} would go without them.`,
              next: 'Write the files, or remove the skills from `skills` in wave.config.json.',
              severity: 'warning',
            },
          ),
        ]),
  ];
};

const evalSection = '## Eval targets';

/** Eval targets and their evaluator come together. */
export const evalTargetsAreEvaluated: ValidationRule = (facts) => {
  const { definition, locator } = facts;
  const evaluating = facts.roles.filter(({ traits }) => traits?.seesEvalTargets).map(({ id }) => id);
  const evaluator = definition.agents.find((agent) => evaluating.includes(roleOf(facts, agent)));
  const usualId = evaluating.map((role) => facts.names.agentIds[role]).find((id) => id !== undefined) ?? 'E0';
  if (evaluator && definition.evalTargets.length === 0)
    return [
      locator.failure(
        'eval-targets-missing',
        { agent: evaluator },
        {
          message: `Agent ${quote(evaluator.agentId)} evaluates, and the wave declares no eval target.`,
          next: `Add \`${evalSection}\`.`,
        },
      ),
    ];
  if (!evaluator && definition.evalTargets.length > 0)
    return [
      locator.failure(
        'eval-targets-unused',
        { section: evalSection },
        {
          message: `The wave declares eval targets and has no agent ${quote(usualId)} to evaluate them.`,
          next: `Add \`## Agent ${usualId}: …\`, or remove the section.`,
        },
      ),
    ];
  return [];
};

/** Eval targets name benchmarks and families that the catalog has. */
export const evalTargetsExist: ValidationRule = ({ definition, locator, catalog, wave }) => {
  if (!catalog) return [];
  const path = wave.settings.benchmarkCatalogPath;
  return definition.evalTargets.flatMap((target) => {
    const found: Failure[] = [];
    const family = target.benchmarkFamily;
    if (family !== null && !Object.hasOwn(catalog.families, family)) {
      const meant = nearest(family, Object.keys(catalog.families));
      found.push(
        locator.failure(
          'benchmark-unknown',
          { section: evalSection, needle: family },
          {
            message: `${path} has no benchmark family ${quote(family)}.`,
            next: meant === null ? 'Name a family of the catalog.' : `Write \`${meant}\`.`,
          },
        ),
      );
    }
    for (const benchmark of target.benchmarks) {
      const owner = catalog.familyOf.get(benchmark);
      const blame = { section: evalSection, needle: benchmark };
      if (owner === undefined) {
        const meant = nearest(benchmark, catalog.familyOf.keys());
        found.push(
          locator.failure('benchmark-unknown', blame, {
            message: `${path} has no benchmark ${quote(benchmark)}.`,
            next: meant === null ? 'Name a benchmark of the catalog.' : `Write \`${meant}\`.`,
          }),
        );
      } else if (family !== null && owner !== family && Object.hasOwn(catalog.families, family))
        found.push(
          locator.failure('benchmark-unknown', blame, {
            message: `The benchmark ${quote(benchmark)} belongs to the family ${quote(owner)}, not to ${quote(family)}.`,
            next: `Write \`benchmark-family: ${owner}\`, or another benchmark.`,
          }),
        );
    }
    return found;
  });
};
