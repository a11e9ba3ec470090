import { type Promotion } from '@nx-wave/schemas';
import { type Failure } from '@nx-wave/schemas/plain';
import { quote } from '../parse/diagnostics';
import { compareMatrixPage, type ComponentMatrix } from '../parse/component-matrix';
import { nearest } from '../parse/nearest';
import { type ValidationFacts, type ValidationRule } from './facts';
import { orFromWave } from './roles.rules';

const section = '## Component promotions';

function promotionsRequired(facts: ValidationFacts): boolean {
  return facts.applies(facts.scope.validation.requireComponentPromotionsFromWave);
}

/** A wave that changes the product says which components it lifts; every one of them has an agent. */
export const promotionsHaveOwners: ValidationRule = (facts) => {
  const { definition, locator } = facts;
  const owning = definition.agents.filter((agent) => facts.resolved(agent).implementationOwning);
  if (definition.promotions.length === 0)
    return promotionsRequired(facts) && owning.length > 0
      ? [
          locator.failure(
            'promotions-missing',
            {},
            {
              message: 'Agents of this wave change the product, and the wave promotes no component.',
              next: `Add \`${section}\` with \`- <component>: <level>\`.${orFromWave('requireComponentPromotionsFromWave')}`,
            },
          ),
        ]
      : [];
  return definition.promotions
    .filter(({ componentId }) => !owning.some(({ components }) => components.includes(componentId)))
    .map(({ componentId }) =>
      locator.failure(
        'component-without-owner',
        { section, needle: componentId },
        {
          message: `No agent works on the promoted component ${quote(componentId)}.`,
          next: `Add \`- ${componentId}\` to the \`### Components\` of the agent that lifts it.`,
        },
      ),
    );
};

/** Agents that change the product name components; stewards and reviewers do not. */
export const componentsStandWhereTheyMay: ValidationRule = (facts) => {
  const required = facts.applies(facts.scope.validation.requireAgentComponentsFromWave);
  return facts.definition.agents.flatMap((agent) => {
    const { implementationOwning, role } = facts.resolved(agent);
    if (implementationOwning && required && agent.components.length === 0)
      return [
        facts.locator.failure(
          'components-missing',
          { agent },
          {
            message: `Agent ${quote(agent.agentId)} (${role}) names no component.`,
            next: `Add \`### Components\` with the promoted components that it lifts.${orFromWave('requireAgentComponentsFromWave')}`,
          },
        ),
      ];
    if (!implementationOwning && agent.components.length > 0)
      return [
        facts.locator.failure(
          'components-not-allowed',
          { agent, section: '### Components' },
          {
            message: `Agent ${quote(agent.agentId)} (${role}) names components, but it changes no product.`,
            next: 'Remove the section.',
          },
        ),
      ];
    return [];
  });
};

/** The wave and the matrix tell the same story, in both directions. */
export const promotionsMatchMatrix: ValidationRule = (facts) => {
  const { definition, matrix } = facts;
  if (!promotionsRequired(facts) || !matrix) return [];
  return [
    ...definition.promotions.flatMap((promotion) => promotionFailures(facts, matrix, promotion)),
    ...undeclaredPromotions(facts, matrix),
  ];
};

/** What is wrong with one promotion of the wave, as the matrix has its component. */
function promotionFailures(
  { definition, locator, wave, landed }: ValidationFacts,
  matrix: ComponentMatrix,
  { componentId, targetLevel }: Promotion,
): Failure[] {
  const path = wave.settings.matrixPath;
  const blame = { section, needle: componentId };
  const component = Object.hasOwn(matrix.components, componentId)
    ? matrix.components[componentId]
    : undefined;
  if (!component) {
    const meant = nearest(componentId, Object.keys(matrix.components));
    const next = meant === null ? 'Add it to the matrix, or remove the promotion.' : `Write \`${meant}\`.`;
    const message = `${quote(componentId)} is no component of ${path}.`;
    return [locator.failure('matrix-unknown-component', blame, { message, next })];
  }
  const found: Failure[] = [];
  const order = matrix.levels;
  if (!order.includes(targetLevel))
    found.push(
      locator.failure(
        'matrix-unknown-level',
        { section, needle: targetLevel },
        {
          message: `${quote(targetLevel)} is no level of ${path}.`,
          next: `Write one of: ${order.join(', ')}.`,
        },
      ),
    );
  const planned = component.promotions.filter((promotion) => promotion.wave === definition.wave);
  if (!planned.some(({ target }) => target === targetLevel))
    found.push(
      locator.failure('matrix-promotion-differs', blame, {
        message:
          planned.length === 0
            ? `${path} plans no promotion of ${quote(componentId)} in wave ${definition.wave}.`
            : `${path} plans ${quote(componentId)} for ${quote(planned[0]?.target ?? '')} in wave ${definition.wave}, not for ${quote(targetLevel)}.`,
        next: `Add {"wave": ${definition.wave}, "target": "${targetLevel}"} to its promotions, or correct the wave.`,
      }),
    );
  if (landed !== true && order.indexOf(targetLevel) < order.indexOf(component.currentLevel))
    found.push(
      locator.failure('matrix-promotion-downwards', blame, {
        message: `${quote(componentId)} stands at ${quote(component.currentLevel)} already, above ${quote(targetLevel)}.`,
        next: 'Promote it to a higher level, or remove the promotion.',
      }),
    );
  return found;
}

/** Promotions that the matrix plans in this wave, and the wave does not declare. */
function undeclaredPromotions(
  { definition, locator, wave }: ValidationFacts,
  matrix: ComponentMatrix,
): Failure[] {
  const declared = new Set(definition.promotions.map(({ componentId }) => componentId));
  return Object.entries(matrix.components)
    .filter(([componentId]) => !declared.has(componentId))
    .flatMap(([componentId, { promotions }]) =>
      promotions
        .filter((promotion) => promotion.wave === definition.wave)
        .map(({ target }) =>
          locator.failure(
            'matrix-promotion-undeclared',
            { section },
            {
              message: `${wave.settings.matrixPath} plans ${quote(componentId)} for ${quote(target)} in this wave, which does not declare it.`,
              next: `Add \`- ${componentId}: ${target}\` to \`${section}\`, or change the matrix.`,
            },
          ),
        ),
    );
}

/** The markdown page of the matrix lists the same components at the same levels. */
export const matrixPageMatches: ValidationRule = (facts) => {
  const { matrix, wave } = facts;
  const path = wave.settings.matrixDocPath;
  const text = matrix && promotionsRequired(facts) ? facts.read(path) : null;
  return matrix && text !== null ? compareMatrixPage(matrix, { path, text }) : [];
};
