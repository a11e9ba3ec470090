import { type AgentSpec, type RoleId, type WaveDefinition } from '@nx-wave/schemas';
import { type FilledScope } from '@nx-wave/schemas/plain';
import { splitCommandLine } from '../command-line';
import { type ResolvedExecutor } from '../model';
import { readPath } from '../parse/paths';
import { isId } from '../parse/words';

/** Skill folders of one agent: base, role, runtime, deploy kind of the default environment, and its own. Sorted. */
export function skillsOf(
  agent: AgentSpec,
  {
    role,
    executorId,
    definition,
    scope,
  }: { role: RoleId; executorId: string; definition: WaveDefinition; scope: FilledScope },
): string[] {
  const { dir, base, byRole, byRuntime, byDeployKind } = scope.skills;
  const environment = definition.deployEnvironments.find(({ isDefault }) => isDefault);
  const from = (table: Record<string, string[]>, key: string | undefined): string[] =>
    key !== undefined && Object.hasOwn(table, key) ? (table[key] ?? []) : [];
  const ids = [
    ...base,
    ...from(byRole, role),
    ...from(byRuntime, executorId),
    ...from(byDeployKind, environment?.kind),
    ...agent.skills,
  ];
  return [...new Set(ids.filter(isId))].map((id) => `${dir}/${id}`).sort();
}

/**
 * Files that an agent sees and does not make: role prompts, skills, files named in its `local.command`, required
 * context, library documents. Who owns them does not matter: an agent sees what its base has before any slice of the wave.
 * Sorted.
 */
export function contextPathsOf(
  agent: AgentSpec,
  executor: ResolvedExecutor,
  { skills, documents }: { skills: readonly string[]; documents: readonly string[] },
): string[] {
  const command = executor.options['local']?.['command'];
  const paths = [
    ...agent.rolePrompts,
    ...skills.map((folder) => `${folder}/`),
    ...(typeof command === 'string' ? filesInCommand(command) : []),
    ...agent.requiredContext,
    ...documents,
  ];
  return [...new Set(paths)].sort();
}

/** Words of a command line that name files of the workspace: `tools/agent.mjs`, `--config=tools/a.json`. */
export function filesInCommand(command: string): string[] {
  const line = splitCommandLine(command);
  if (!line.ok) return [];
  return line.words.flatMap((word) => {
    const value = word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word;
    if (value === '' || value.startsWith('-')) return [];
    if (!value.includes('/') && !/\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(value)) return [];
    const reading = readPath(value);
    return reading.ok ? [reading.path] : [];
  });
}
