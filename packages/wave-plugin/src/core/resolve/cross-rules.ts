import { stages, type Failure, type FailureCode, type FilledScope } from '@nx-wave/schemas/plain';
import { type AgentSpec, type WaveDefinition } from '@nx-wave/schemas';
import { type WaveIdentity } from '../model';
import { quote } from '../parse/diagnostics';
import { nearest } from '../parse/nearest';
import { covers, foldersAbove } from '../parse/paths';
import { isRunnerPath } from '../runner-paths';
import { type Finding, type WaveLocator } from './locate';
import { type Unit } from './units';

/** Beyond this many findings of a kind nobody reads on, and looking for more would cost more than the file is long. */
const mostFindings = 200;

/** So many findings of a kind come with the word that was probably meant: looking for it costs a pass over all words. */
const mostSuggestions = 20;

/** What a rule across agents may look at. */
export interface CrossContext {
  definition: WaveDefinition;
  units: readonly Unit[];
  identity: WaveIdentity;
  locator: WaveLocator;
  /** `validation.ownershipOverlap`. */
  ownershipOverlap: FilledScope['validation']['ownershipOverlap'];
}

/** Rules of the language that need more than one agent or the roles. A broken one stops every target of the wave. */
export const crossRules: readonly ((context: CrossContext) => Failure[])[] = [
  unitNamesDiffer,
  ownershipIsDisjoint,
  runnerPathsStayFree,
  heldOutStaysHidden,
  componentsArePromoted,
  dependenciesExist,
  dependenciesHaveNoCircle,
];

/** `D1-design` may be the first pass of `D1` or an agent of that name, not both. */
function unitNamesDiffer({ units, locator }: CrossContext): Failure[] {
  const seen = new Set<string>();
  const found: Failure[] = [];
  for (const { unitId, agent } of units) {
    const key = unitId.toLowerCase();
    if (seen.has(key))
      found.push(
        locator.failure(
          'agent-duplicate',
          { agent },
          {
            message: `${quote(unitId)} is also the design pass of a hybrid agent of this wave.`,
            next: 'Give the agent another id.',
          },
        ),
      );
    seen.add(key);
  }
  return found;
}

interface Owned {
  unit: Unit;
  path: string;
}

/**
 * No path may be changed by two agents of one stage that run at the same time: one of them has to wait for the other, or
 * the configuration leaves it to merging. A folder below the state root may be shared.
 */
function ownershipIsDisjoint({ units, identity, locator, ownershipOverlap }: CrossContext): Failure[] {
  const found: Failure[] = [];
  const root = `${identity.stateRoot.replace(/\/projects\/[^/]*$/, '')}/`;
  for (const stage of stages) {
    const owners = new Map<string, Unit>();
    const here = units.filter((unit) => unit.stage === stage);
    const isOrdered = waitingAmong(here);
    const report = ({ unit, path }: Owned, { unit: other, path: theirs }: Owned): void => {
      if (other.agent.agentId === unit.agent.agentId || found.length >= mostFindings) return;
      // Artifacts are kept one by one and never merged: a folder of them can be shared, a file cannot.
      const areArtifacts = path.startsWith(root) && theirs.startsWith(root);
      if (!areArtifacts && isOrdered(unit, other)) return;
      const isShared = areArtifacts && theirs.endsWith('/');
      found.push(
        locator.failure(
          'ownership-overlap',
          { agent: unit.agent, owned: path },
          {
            message: `Agent ${quote(unit.agent.agentId)} owns ${quote(path)}, and agent ${quote(other.agent.agentId)} of the same stage (${stage}) owns ${quote(theirs)}.`,
            next: isShared
              ? 'Let each of the two write files of its own there: one file of both stops the gate.'
              : areArtifacts
                ? 'Give the path to one of the two, or narrow the folder.'
                : `Give the path to one of the two, narrow the folder, or let one wait: \`- ${other.agent.agentId}\` under \`### Depends on\` of ${unit.agent.agentId}.`,
            facts: { stage, agents: [other.agent.agentId, unit.agent.agentId], paths: [theirs, path] },
            severity: isShared || ownershipOverlap === 'warn' ? 'warning' : 'error',
          },
        ),
      );
    };
    for (const unit of here)
      for (const path of unit.ownedPaths) {
        const other = owners.get(path) ?? owners.get(asOtherKind(path));
        if (other) report({ unit, path }, { unit: other, path });
        else owners.set(path, unit);
      }
    for (const unit of here)
      for (const path of unit.ownedPaths)
        for (const folder of foldersAbove(path)) {
          const other = owners.get(folder);
          if (other) report({ unit, path }, { unit: other, path: folder });
        }
  }
  return found;
}

/**
 * Whether one of two units of a stage waits for the other, directly or not: then it works on what that one left. Without
 * recursion, for a hostile chain may be long.
 */
function waitingAmong(here: readonly Unit[]): (unit: Unit, other: Unit) => boolean {
  const agents = new Map(here.map(({ agent }) => [agent.agentId, agent.dependsOn]));
  const reach = (from: string): ReadonlySet<string> => {
    const reached = new Set<string>();
    const open = [from];
    for (let id = open.pop(); id !== undefined; id = open.pop())
      for (const name of agents.get(id) ?? [])
        if (!reached.has(name)) {
          reached.add(name);
          open.push(name);
        }
    return reached;
  };
  const known = new Map<string, ReadonlySet<string>>();
  const waitsFor = (id: string, other: string): boolean => {
    if ((agents.get(id) ?? []).length === 0) return false;
    const reached = known.get(id) ?? reach(id);
    known.set(id, reached);
    return reached.has(other);
  };
  return ({ agent }, other) =>
    waitsFor(agent.agentId, other.agent.agentId) || waitsFor(other.agent.agentId, agent.agentId);
}

/** The same name as a folder, or as a file: the two cannot both be there. */
function asOtherKind(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
}

/** Agents may own paths below the state root, but not what the runner itself believes. */
function runnerPathsStayFree({ definition, identity, locator }: CrossContext): Failure[] {
  return definition.agents.flatMap((agent) =>
    agent.ownedPaths
      .filter((path) => isRunnerPath(path, identity))
      .slice(0, mostFindings)
      .map((path) =>
        locator.failure(
          'path-reserved',
          { agent, owned: path },
          {
            message: `${quote(path)} holds records of the runner: no agent may own it.`,
            next: 'Own a folder of its own below the state root, or remove the path.',
          },
        ),
      ),
  );
}

/** What is held out from agents is in no ownership, prompt or proof command: there it would be shown to them. */
function heldOutStaysHidden({ definition, locator }: CrossContext): Failure[] {
  const found: Failure[] = [];
  for (const holder of definition.agents)
    for (const { command, files } of holder.proofStrength?.heldOut ?? [])
      for (const agent of definition.agents) {
        const shown = shownTo(agent, { command, files });
        if (shown === null || found.length >= mostFindings) continue;
        found.push(
          locator.failure(
            'held-out-exposed',
            { agent: holder, section: '### Proof strength', needle: 'held-out' },
            {
              message: `Agent ${quote(holder.agentId)} holds out ${quote(shown.what)}, and agent ${quote(agent.agentId)} ${shown.how}.`,
              next: 'Hold out what no agent owns, reads or runs; or take the line out.',
            },
          ),
        );
      }
  return found;
}

function shownTo(
  { ownedPaths, prompt, proofCommands }: AgentSpec,
  { command, files }: { command: string; files: readonly string[] },
): { what: string; how: string } | null {
  const owned = files.find((file) =>
    ownedPaths.some((path) => path === file || covers(path, file) || covers(file, path)),
  );
  if (owned !== undefined) return { what: owned, how: 'owns it' };
  const words = [command, ...files];
  const told = words.find((word) => prompt.includes(word));
  if (told !== undefined) return { what: told, how: 'is told of it in its prompt' };
  const run = words.find((word) => proofCommands.some((line) => line.includes(word)));
  return run === undefined ? null : { what: run, how: 'has it among its proof commands' };
}

/** The level that a component must reach stands in the promotions of the wave. */
function componentsArePromoted({ definition, locator }: CrossContext): Failure[] {
  const promoted = new Set(definition.promotions.map(({ componentId }) => componentId));
  const stray = definition.agents.flatMap((agent) =>
    agent.components
      .filter((component) => !promoted.has(component))
      .map((component) => ({ agent, component })),
  );
  return stray.slice(0, mostFindings).map(({ agent, component }, index) => {
    const meant = index < mostSuggestions ? nearest(component, promoted) : null;
    return locator.failure(
      'component-not-promoted',
      { agent, section: '### Components', needle: component },
      {
        message: `Agent ${quote(agent.agentId)} works on ${quote(component)}, which this wave does not promote.`,
        next:
          meant === null
            ? `Add \`- ${component}: <level>\` to \`## Component promotions\`.`
            : `Write \`${meant}\`.`,
      },
    );
  });
}

/** What an agent waits for is another one of this wave, in its own stage; the wave does not wait for itself. */
function dependenciesExist(context: CrossContext): Failure[] {
  const { definition, locator, identity } = context;
  const stagesByAgent = stagesOfAgents(context.units);
  const ids = definition.agents.map(({ agentId }) => agentId);
  const found: Failure[] = [];
  for (const agent of definition.agents)
    for (const name of agent.dependsOn) {
      if (found.length >= mostFindings) return found;
      const wrong = wrongDependency({ agent, name }, stagesByAgent, () =>
        found.length < mostSuggestions ? nearest(name, ids) : null,
      );
      if (wrong === null) continue;
      const [code, finding] = wrong;
      found.push(locator.failure(code, { agent, section: '### Depends on', needle: name }, finding));
    }
  if (
    definition.dependsOn.some((name) => name === identity.project || name === `wave-${identity.waveNumber}`)
  )
    found.push(
      locator.failure(
        'depends-on-itself',
        { section: '## Depends on' },
        { message: 'The wave depends on itself.', next: 'Remove the line.' },
      ),
    );
  return found;
}

/** Positions of the stages that an agent runs in, from first to last: a hybrid has two. */
function stagesOfAgents(units: readonly Unit[]): ReadonlyMap<string, number[]> {
  const byAgent = new Map<string, number[]>();
  for (const { agent, stage } of units)
    byAgent.set(agent.agentId, [...(byAgent.get(agent.agentId) ?? []), stages.indexOf(stage)]);
  return byAgent;
}

/** What is wrong with one line of `### Depends on`. */
function wrongDependency(
  { agent, name }: { agent: AgentSpec; name: string },
  stagesByAgent: ReadonlyMap<string, number[]>,
  suggest: () => string | null,
): [FailureCode, Finding] | null {
  if (name === agent.agentId)
    return [
      'depends-on-itself',
      { message: `Agent ${quote(name)} depends on itself.`, next: 'Remove the line.' },
    ];
  const theirs = stagesByAgent.get(name);
  const own = stagesByAgent.get(agent.agentId)?.at(-1) ?? 0;
  if (!theirs) {
    const meant = suggest();
    const ids = [...stagesByAgent.keys()];
    return [
      'depends-on-unknown',
      {
        message: `This wave has no agent ${quote(name)}.`,
        next: meant === null ? `Name one of: ${ids.slice(0, 20).join(', ')}.` : `Write \`${meant}\`.`,
      },
    ];
  }
  if (Math.min(...theirs) > own)
    return [
      'depends-on-later-stage',
      {
        message: `Agent ${quote(name)} runs in a later stage than ${quote(agent.agentId)}.`,
        next: 'Remove the line, or turn the dependency around.',
      },
    ];
  if (Math.max(...theirs) < own)
    return [
      'depends-on-earlier-stage',
      {
        message: `Agent ${quote(name)} runs in an earlier stage: ${quote(agent.agentId)} waits for it anyway.`,
        next: 'Remove the line.',
        severity: 'warning',
      },
    ];
  return null;
}

/** Looks for a circle of `### Depends on`, without recursion: a hostile chain may be long. */
function dependenciesHaveNoCircle({ definition, locator }: CrossContext): Failure[] {
  const byId = new Map(definition.agents.map((agent) => [agent.agentId, agent]));
  const waiting = new Map(
    definition.agents.map((agent) => [
      agent.agentId,
      new Set(agent.dependsOn.filter((name) => name !== agent.agentId && byId.has(name))),
    ]),
  );
  const dependants = new Map<string, string[]>();
  for (const [id, names] of waiting)
    for (const name of names) {
      const known = dependants.get(name);
      if (known) known.push(id);
      else dependants.set(name, [id]);
    }
  const free = [...waiting].filter(([, names]) => names.size === 0).map(([id]) => id);
  for (let next = free.pop(); next !== undefined; next = free.pop()) {
    waiting.delete(next);
    for (const dependant of dependants.get(next) ?? []) {
      const names = waiting.get(dependant);
      names?.delete(next);
      if (names?.size === 0) free.push(dependant);
    }
  }
  const circle = [...waiting.keys()];
  const agent = byId.get(circle[0] ?? '');
  if (!agent) return [];
  return [
    locator.failure(
      'depends-on-itself',
      { agent, section: '### Depends on' },
      {
        message: `These agents wait for each other: ${circle
          .slice(0, 20)
          .map((id) => quote(id))
          .join(', ')}.`,
        next: 'Remove one of their `### Depends on` lines.',
        facts: { agents: circle.slice(0, mostFindings) },
      },
    ),
  ];
}
