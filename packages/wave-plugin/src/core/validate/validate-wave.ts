import { type Checked, type Failure } from '@nx-wave/schemas/plain';
import { type ExecutorVocabulary, type RoleRule } from '../model';
import { parseBenchmarkCatalog } from '../parse/benchmark-catalog';
import { parseComponentMatrix } from '../parse/component-matrix';
import { parseContext7Index } from '../resolve/context7';
import { filledScopeOf } from '../resolve/filled-scope';
import { createLocator } from '../resolve/locate';
import { roleNamesOf } from '../resolve/settings';
import { agentsHaveCaps } from './budget.rules';
import {
  componentsStandWhereTheyMay,
  promotionsHaveOwners,
  promotionsMatchMatrix,
  matrixPageMatches,
} from './components.rules';
import {
  context7IsDeclared,
  exitContractsAreThere,
  liveProofIsPromised,
  runtimeMixIsKept,
} from './contracts.rules';
import { type ValidationFacts, type ValidationInput, type ValidationRule } from './facts';
import {
  evalTargetsAreEvaluated,
  evalTargetsExist,
  promptsReferToRequired,
  rolePromptsExist,
  skillsExist,
} from './files.rules';
import {
  neededContentIsHere,
  ownedFilesAreCommitted,
  ownedFiltersAreKnown,
  ownedNamesAreText,
  ownedPathsAreReached,
  promisedFilesAreSeen,
} from './ground.rules';
import { heldOutFilesAreSeen, proofProgramsAreThere } from './programs.rules';
import {
  requiredRolesAreHeld,
  oneClosureRoleEach,
  oneStewardEach,
  sharedDocsHaveOneOwner,
  stewardsImportAndReport,
} from './roles.rules';

/**
 * What a wave owes to its workspace, beyond its own text. `plan` and `lint-waves` report these; the targets of a wave that
 * breaks one still run, because nothing here makes a launch wrong: gates judge what comes out of it.
 */
export const validationRules: readonly ValidationRule[] = [
  requiredRolesAreHeld,
  stewardsImportAndReport,
  oneStewardEach,
  sharedDocsHaveOneOwner,
  oneClosureRoleEach,
  promotionsHaveOwners,
  componentsStandWhereTheyMay,
  promotionsMatchMatrix,
  matrixPageMatches,
  exitContractsAreThere,
  liveProofIsPromised,
  context7IsDeclared,
  runtimeMixIsKept,
  agentsHaveCaps,
  rolePromptsExist,
  promptsReferToRequired,
  skillsExist,
  evalTargetsAreEvaluated,
  evalTargetsExist,
  promisedFilesAreSeen,
  ownedFilesAreCommitted,
  ownedNamesAreText,
  ownedFiltersAreKnown,
  ownedPathsAreReached,
  neededContentIsHere,
  proofProgramsAreThere,
  heldOutFilesAreSeen,
];

/** Every problem of a wave in its workspace, sorted by place. Files are read through `input.read` only. */
export function validateWave(
  input: ValidationInput,
  { roles, executors }: { roles: readonly RoleRule[]; executors: readonly ExecutorVocabulary[] },
): Failure[] {
  const { wave, config, definition, read } = input;
  const scope = filledScopeOf(config, wave.identity);
  const found: Failure[] = [];
  const load = <T>(path: string, parse: (file: { path: string; text: string }) => Checked<T>): T | null => {
    const text = read(path);
    if (text === null) return null;
    const parsed = parse({ path, text });
    if (parsed.ok) return parsed.value;
    found.push(...parsed.failures);
    return null;
  };
  const locator = createLocator(wave.identity.path, wave.identity.project, input.text);
  const matrix = load(wave.settings.matrixPath, parseComponentMatrix);
  const applies = (threshold: number | null): boolean => threshold !== null && definition.wave >= threshold;
  const needsMatrix = applies(scope.validation.requireComponentPromotionsFromWave);
  if (needsMatrix && definition.promotions.length > 0 && read(wave.settings.matrixPath) === null)
    found.push(missingFile(wave.settings.matrixPath, 'promotes components', 'matrix-missing'));
  const catalog = load(wave.settings.benchmarkCatalogPath, parseBenchmarkCatalog);
  if (definition.evalTargets.length > 0 && read(wave.settings.benchmarkCatalogPath) === null)
    found.push(missingFile(wave.settings.benchmarkCatalogPath, 'declares eval targets', 'catalog-missing'));
  const context7 = load(scope.paths.context7BundleIndexPath, parseContext7Index);
  const last = new Map(wave.agents.map((agent) => [agent.agentId, agent]));
  const facts: ValidationFacts = {
    ...input,
    scope,
    names: roleNamesOf(scope, roles),
    roles,
    executors,
    locator,
    matrix,
    catalog,
    context7,
    resolved: (agent) => {
      const resolved = last.get(agent.agentId);
      if (!resolved) throw new Error(`agent ${agent.agentId} is not in the resolved wave`);
      return resolved;
    },
    applies,
  };
  found.push(...validationRules.flatMap((rule) => rule(facts)));
  return found.sort((a, b) => lineOf(a) - lineOf(b));

  function missingFile(path: string, why: string, code: 'matrix-missing' | 'catalog-missing'): Failure {
    return locator.failure(
      code,
      {},
      {
        message: `The wave ${why}, and ${path} does not exist.`,
        next: `Write ${path}, or name another file in \`paths\` of wave.config.json.`,
      },
    );
  }
}

function lineOf(failure: Failure): number {
  return failure.place?.range?.start.line ?? 0;
}
