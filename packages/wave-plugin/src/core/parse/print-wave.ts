import { type AgentSpec, type ExecutorSpec, type OptionValue, type WaveDefinition } from '@nx-wave/schemas';

/**
 * Writes a wave as a wave file. Reading it back gives the same definition (but for the lines on which agents begin),
 * so that a wave can be made or moved by a program and stays what a person would have written.
 */
export function printWave(wave: WaveDefinition): string {
  const blocks = [
    [`# Wave ${wave.wave}${wave.title === null ? '' : ` - ${wave.title}`}`],
    wave.commitMessage === null ? [] : [`**Commit message**: ${inBackticks(wave.commitMessage)}`],
    section('## Depends on', wave.dependsOn.map(bullet)),
    section(
      '## Component promotions',
      wave.promotions.map(({ componentId, targetLevel }) => `- ${componentId}: ${targetLevel}`),
    ),
    section(
      '## Deploy environments',
      wave.deployEnvironments.map(
        ({ id, kind, isDefault, notes }) =>
          `- ${id}: ${kind}${isDefault ? ' default' : ''}${notes === null ? '' : ` (${notes})`}`,
      ),
    ),
    section(
      '## Eval targets',
      wave.evalTargets.map(
        (target) =>
          `- ${fields({
            id: target.id,
            selection: target.selection,
            'benchmark-family': target.benchmarkFamily,
            benchmarks: target.benchmarks.length > 0 ? target.benchmarks.join(',') : null,
            objective: target.objective,
            threshold: target.threshold,
          })}`,
      ),
    ),
    section('## Context7 defaults', context7Lines(wave.context7)),
    ...wave.agents.flatMap(agentBlocks),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The block of one agent, as it stands in a wave file. */
export function printAgent(agent: AgentSpec): string {
  return agentBlocks(agent)
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function agentBlocks(agent: AgentSpec): string[][] {
  const { exitContract } = agent;
  return [
    [`## Agent ${agent.agentId}: ${agent.title}`],
    section('### Role prompts', agent.rolePrompts.map(bullet)),
    section('### Executor', executorLines(agent.executor)),
    section('### Context7', context7Lines(agent.context7)),
    section('### Components', agent.components.map(bullet)),
    section('### Capabilities', agent.capabilities.map(bullet)),
    section('### Skills', agent.skills.map(bullet)),
    section(
      '### Exit contract',
      exitContract === null
        ? []
        : [
            `- completion: ${exitContract.completion}`,
            `- durability: ${exitContract.durability}`,
            `- proof: ${exitContract.proof}`,
            `- doc-impact: ${exitContract.docImpact}`,
          ],
    ),
    section('### Deliverables', agent.deliverables.map(bullet)),
    section(
      '### Proof artifacts',
      agent.proofArtifacts.map(({ path, kind, requiredFor }) =>
        kind === null && requiredFor.length === 0
          ? bullet(path)
          : `- ${fields({ path, kind, 'required-for': requiredFor.length > 0 ? requiredFor.join(',') : null })}`,
      ),
    ),
    section('### Proof commands', [
      ...agent.proofCommands.map(bullet),
      ...(agent.mayWrite === undefined ? [] : [`- may write: ${agent.mayWrite.join(', ')}`]),
    ]),
    section('### Proof strength', strengthLines(agent.proofStrength)),
    section('### Depends on', agent.dependsOn.map(bullet)),
    section('### Prompt', fenced(agent.prompt)),
  ];
}

function strengthLines(spec: AgentSpec['proofStrength']): string[] {
  if (spec === undefined) return [];
  const { level, mayChange, heldOut, reason } = spec;
  return [
    ...(level === null ? [] : [`- level: ${level}`]),
    ...(mayChange.length === 0 ? [] : [`- may change: ${mayChange.join(', ')}`]),
    ...heldOut.map(
      ({ command, files }) =>
        `- held-out: ${command}${files.length === 0 ? '' : ` | files: ${files.join(', ')}`}`,
    ),
    ...(reason === null ? [] : [`- reason: ${reason}`]),
  ];
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, '', ...lines];
}

function bullet(text: string): string {
  return `- ${text}`;
}

function fields(values: Record<string, string | null>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${value ?? ''}`)
    .join(' | ');
}

function context7Lines(choice: AgentSpec['context7']): string[] {
  if (choice === null) return [];
  return [
    ...(choice.bundle === null ? [] : [`- bundle: ${choice.bundle}`]),
    ...(choice.query === null ? [] : [`- query: ${quoted(choice.query)}`]),
  ];
}

function executorLines(spec: ExecutorSpec): string[] {
  const { budget } = spec;
  const lines: [string, OptionValue | null | undefined][] = [
    ['id', spec.id],
    ['profile', spec.profile],
    ['model', spec.model],
    ['fallbacks', spec.fallbacks.length > 0 ? spec.fallbacks : null],
    ['tags', spec.tags.length > 0 ? spec.tags : null],
    ['retry-policy', spec.retryPolicy],
    ['allow-fallback-on-retry', spec.allowFallbackOnRetry],
    ['budget.turns', budget.turns],
    ['budget.minutes', budget.minutes],
    ['budget.tokens', budget.tokens],
    ['budget.usd', budget.usd],
    ...Object.entries(spec.options).flatMap(([executorId, options]) =>
      Object.entries(options).map(([key, value]): [string, OptionValue] => [`${executorId}.${key}`, value]),
    ),
  ];
  return lines.flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [`- ${key}: ${optionText(value)}`],
  );
}

function optionText(value: OptionValue): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A fence one sign longer than the longest run of its sign inside. */
function fenced(prompt: string): string[] {
  let longest = 2;
  for (const run of prompt.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, prompt, fence];
}

function inBackticks(text: string): string {
  return `\`${text}\``;
}

function quoted(text: string): string {
  return text.includes('"') ? text : `"${text}"`;
}
