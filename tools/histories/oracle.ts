import { createHash } from 'node:crypto';
import {
  agentFile,
  ledgerFolder,
  programFile,
  specFile,
  stages,
  type AgentSpec,
  type Program,
  type WaveSpec,
} from './spec';
import type { Launched, LaunchOptions, Start, Tree } from './world';

/**
 * What had to run, by brute force: written from what the keys promise (an agent runs again where something that it sees has
 * changed, and nowhere else), and from no line of the product. Nothing is hashed and nothing looked up in the product's stores:
 * what an agent sees is one long text, and what is proven is a list of such texts.
 */

/** One ledger entry, as far as a model of decisions needs it. */
interface Entry {
  id: string;
  type: string;
  by: string;
  reason: string;
  agents?: string[];
  agentId?: string | null;
  requestId?: string;
  text?: string;
  paths?: string[];
  code?: string;
  changes?: { path: string; before: { oid: string } | null; after: { oid: string } | null }[];
}

/** What an agent's work came to: the same text wherever the same files and words come out. */
interface Work {
  result: string;
  /** [path, id of the blob] of what it wrote. */
  wrote: [path: string, oid: string][];
  /** A steward's word. */
  holds: boolean;
}

/** What one repository knows of the work for one sight. */
interface History {
  failed: number;
  held: boolean;
  /** Ended by itself, and its runner died: it may only be verified. */
  finished: Work | null;
  /** It was refused in a launch that died: to look at it again costs nothing. */
  unsure: boolean;
  /** Its last start ended by asking a person. */
  asked: boolean;
  proofs: string;
}

interface Place {
  proofs: Map<string, Work>;
  histories: Map<string, History>;
}

/** What one launch should have paid, what it paid, and what is wrong with it. */
export interface Judged {
  necessary: number;
  paid: number;
  problems: { kind: 'paid for nothing' | 'wrong hit' | 'not run' | 'planned'; text: string }[];
}

export class Oracle {
  private readonly places = new Map<string, Place>();
  private readonly shared: Place = { proofs: new Map(), histories: new Map() };
  private readonly sharedFailures = new Map<string, number>();
  /** Texts of landed files by the id of their blob: a content that a landing can be taken back to. */
  private readonly texts = new Map<string, string>();
  /** Who had no proof at the end of the last launch, for what a retry may ask of whom. */
  private unproven: string[] = [];

  constructor(private readonly options: { attempts: number; shares: boolean }) {}

  /** The repository has forgotten all of it. */
  forget(repository: string): void {
    this.places.delete(repository);
  }

  /** Before something may be landed: what stands in the tree can be asked for again. */
  remember(tree: Tree, spec: WaveSpec): void {
    for (const path of spec.agents.flatMap(({ owns }) => owns)) {
      const text = tree.read(path);
      if (text !== null) this.texts.set(blobOf(text), text);
    }
  }

  /** Whom a retry may name: those who were asked for, and those without a proof. */
  judgeRetry(tree: Tree, before: readonly string[], asked: readonly string[]): Judged['problems'] {
    const known = new Set(before);
    return readLedger(tree)
      .filter(({ id, type }) => type === 'retry.applied' && !known.has(id))
      .flatMap(({ agents = [] }) => agents)
      .filter((id) => !asked.includes(id) && !this.unproven.includes(id) && !['A8', 'A0'].includes(id))
      .map((id) => ({ kind: 'planned' as const, text: `${id} is to run again, and nobody asked for it` }));
  }

  /** Holds a launch against what was necessary, and takes note of what it came to. */
  // One pass over the stages with all that stops it; parting it would hide the order.
  judge(tree: Tree, launched: Launched, options: LaunchOptions): Judged {
    const spec = JSON.parse(tree.read(specFile) ?? '') as WaveSpec;
    const ledger = readLedger(tree);
    const place = this.placeOf(tree.repository);
    const { starts, tasks, died } = launched;
    const judged: Judged = { necessary: 0, paid: starts.length, problems: [] };
    const tell = (kind: Judged['problems'][number]['kind'], text: string) =>
      judged.problems.push({ kind, text });
    this.remember(tree, spec);
    // Where the runner has died, whoever came after is without a proof as far as anybody knows.
    if (died)
      this.unproven = spec.agents
        .map(({ id }) => id)
        .filter((id) => !['reused', 'proven'].includes(tasks[`agent-${id.toLowerCase()}`] ?? ''));
    if (isLanded(ledger)) {
      if (starts.length > 0) tell('paid for nothing', `the wave has landed, and ${names(starts)} ran`);
      return judged;
    }
    const works = new Map<string, Work>();
    const seenAbove: unknown[] = [];
    const unproven: string[] = [];
    const explained = new Set<Start>();
    let open = false;
    for (const { holds } of stages) {
      const waiting = spec.agents.filter(({ id }) => holds(id));
      const units = inOrder(waiting);
      if (units.length === 0) continue;
      if (open) {
        unproven.push(...units.map(({ id }) => id));
        continue;
      }
      let passed = true;
      for (const agent of units) {
        const { id } = agent;
        const ran = starts.filter((start) => start.id === id);
        if (agent.dependsOn.some((other) => !works.has(other))) {
          passed = false;
          unproven.push(id);
          continue;
        }
        const sights = this.sightsOf(tree, { agent, ledger, options, works, seenAbove });
        const known = sights.flatMap((sight) => this.proofOf(place, sight) ?? [])[0];
        if (known !== undefined) {
          if (ran.length > 0) tell('paid for nothing', `${id} ran, and what it sees was proven before`);
          ran.forEach((start) => explained.add(start));
          works.set(id, known);
          // Served is stored.
          for (const sight of sights)
            if (this.proofOf(place, sight) === known) this.store(place, sight, known);
          continue;
        }
        const sight = sights[0] ?? '';
        const proofs = `${agent.proof}`;
        const history = place.histories.get(sight) ?? {
          failed: 0,
          held: false,
          finished: null,
          unsure: false,
          asked: false,
          proofs,
        };
        place.histories.set(sight, history);
        const [start, ...more] = ran;
        if (more.length > 0) tell('paid for nothing', `${id} ran ${ran.length} times in one launch`);
        ran.forEach((one) => explained.add(one));
        if (history.finished !== null) {
          const { finished } = history;
          if (start !== undefined)
            tell('paid for nothing', `${id} ran, and its work was finished when its runner died`);
          if (died && tasks[`agent-${id.toLowerCase()}`] !== 'proven') break;
          history.finished = null;
          this.store(place, sight, finished);
          works.set(id, finished);
          continue;
        }
        if (history.held || Math.max(history.failed, this.failedAnywhere(sight)) >= this.options.attempts) {
          if (start !== undefined) tell('paid for nothing', `${id} ran, and waits for a person`);
          passed = false;
          unproven.push(id);
          continue;
        }
        const unsure = history.unsure || (history.failed > 0 && history.proofs !== proofs);
        history.unsure = false;
        history.proofs = proofs;
        if (start === undefined) {
          if (died) {
            // Whether it was looked at again before that is not known.
            history.unsure = unsure;
            return judged;
          }
          passed = false;
          unproven.push(id);
          if (unsure) {
            history.held = history.asked;
            continue;
          }
          judged.necessary += 1;
          const ended = tasks[`agent-${id.toLowerCase()}`] ?? 'not there';
          const served = ended === 'reused' || ended === 'proven';
          tell(
            served ? 'wrong hit' : 'not run',
            `${id} sees what nobody has proven, and did not run (${ended})`,
          );
          return judged;
        }
        judged.necessary += 1;
        if (start.wrote === null) return judged;
        const work = workOf(tree, agent, start);
        const good = isGood(tree, agent, start, work);
        history.asked = start.asked;
        if (died && ended(tasks, id) === undefined) {
          // The process died after the program had ended: what it did is there, and has been judged or has not.
          if (good) history.finished = work;
          else {
            history.failed += 1;
            history.unsure = true;
          }
          return judged;
        }
        if (good) {
          this.store(place, sight, work);
          works.set(id, work);
        } else {
          history.failed += 1;
          this.sharedFailures.set(sight, this.failedAnywhere(sight) + 1);
          history.held = start.asked;
          passed = false;
          unproven.push(id);
        }
      }
      seenAbove.push(units.map(({ id }) => [id, works.get(id)?.result ?? null]));
      for (const { id } of units) {
        if (works.get(id)?.holds !== true) continue;
        const waiver = ledger.find(
          ({ type, code, agentId }) =>
            type === 'gate.waived' &&
            code === 'integration-needs-more-work' &&
            ((agentId ?? null) === null || agentId === id),
        );
        if (waiver === undefined) passed = false;
        else seenAbove.push(`waived by ${waiver.by}: ${waiver.reason}`);
      }
      open = !passed;
    }
    if (!died) this.unproven = unproven;
    for (const start of starts)
      if (!explained.has(start))
        tell('paid for nothing', `${start.id} ran, and what it builds on is not there`);
    if (!died) this.judgeTaken(tree, { works, tasks, tell });
    return judged;
  }

  /** What the gates took has to be what the agents made for what they see now. */
  private judgeTaken(
    tree: Tree,
    {
      works,
      tasks,
      tell,
    }: {
      works: ReadonlyMap<string, Work>;
      tasks: Record<string, string>;
      tell(kind: 'wrong hit', text: string): void;
    },
  ): void {
    const judgedLast = stages.findLast(({ name }) => tasks[`gate-${name}`] === 'passed');
    if (judgedLast === undefined) return;
    for (const [id, files] of Object.entries(tree.taken(judgedLast.name))) {
      const work = works.get(id);
      if (work === undefined) continue;
      const [taken, made] = [files, work.wrote].map((one) => JSON.stringify([...one].sort()));
      if (taken !== made)
        tell('wrong hit', `the gates took ${taken} for the work of ${id}, which made ${made}`);
    }
  }

  /** Starts that have failed on any machine: a store counts them for all, but for those whose runner has died. */
  private failedAnywhere(sight: string): number {
    return this.options.shares ? (this.sharedFailures.get(sight) ?? 0) : 0;
  }

  private placeOf(repository: string): Place {
    const place = this.places.get(repository) ?? { proofs: new Map(), histories: new Map() };
    this.places.set(repository, place);
    return place;
  }

  private proofOf(place: Place, sight: string): Work | undefined {
    return place.proofs.get(sight) ?? (this.options.shares ? this.shared.proofs.get(sight) : undefined);
  }

  private store(place: Place, sight: string, work: Work): void {
    place.proofs.set(sight, work);
    if (this.options.shares) this.shared.proofs.set(sight, work);
  }

  /** All that an agent sees, as text: now, and as it was before landings that this tree's ledger tells of, the newest first. */
  private sightsOf(
    tree: Tree,
    given: {
      agent: AgentSpec;
      ledger: readonly Entry[];
      options: LaunchOptions;
      works: ReadonlyMap<string, Work>;
      seenAbove: readonly unknown[];
    },
  ): string[] {
    const { agent, ledger, options, works, seenAbove } = given;
    const { id, prompt, model, dependsOn, reads, roleFiles, owns } = agent;
    const { executor = 'local' } = options;
    // Only the files of a local command are known to be read.
    const programs = executor === 'local' ? [agentFile, programFile(id)] : [];
    const paths = [...new Set([...programs, ...reads, ...roleFiles])].sort();
    const epoch = ledger.findLast(
      ({ type, agents, agentId }) =>
        (type === 'retry.applied' && agents?.includes(id)) || (type === 'bundle.revoked' && agentId === id),
    );
    const said = ledger.flatMap((entry) => {
      if (entry.agentId !== id) return [];
      if (entry.type === 'request.answered') return [[entry.requestId, entry.text, entry.id]];
      return [];
    });
    const granted = ledger.flatMap(({ type, agentId, paths: more }) =>
      type === 'ownership.amended' && agentId === id ? (more ?? []) : [],
    );
    const contexts: Map<string, string>[] = [
      new Map(paths.map((path) => [path, tree.read(path) ?? '(absent)'])),
    ];
    for (const { changes = [] } of ledger.filter(({ type }) => type === 'wave.landed').reverse()) {
      const context = new Map(contexts.at(-1));
      for (const { path, before, after } of changes) {
        const text = context.get(path);
        if (text === undefined || blobOf(text) !== after?.oid) continue;
        context.set(
          path,
          before === null ? '(absent)' : (this.texts.get(before.oid) ?? `(unknown ${before.oid})`),
        );
      }
      contexts.push(context);
    }
    return [
      ...new Set(
        contexts.map((context) =>
          JSON.stringify({
            id,
            executor: [executor, model],
            prompt,
            dependsOn,
            reads,
            roleFiles,
            owns,
            context: [...context],
            epoch: epoch?.id ?? null,
            said,
            granted: [...new Set(granted)].sort(),
            builds: dependsOn.map((other) => [other, works.get(other)?.result]),
            above: seenAbove,
          }),
        ),
      ),
    ];
  }
}

const names = (starts: readonly Start[]) => starts.map(({ id }) => id).join(', ');
const ended = (tasks: Record<string, string>, id: string) => tasks[`agent-${id.toLowerCase()}`];

/** Agents of one stage, each after those that it depends on. */
function inOrder(agents: readonly AgentSpec[]): AgentSpec[] {
  const left = [...agents];
  const order: AgentSpec[] = [];
  while (left.length > 0) {
    const at = left.findIndex(({ dependsOn }) => !left.some(({ id }) => dependsOn.includes(id)));
    order.push(...left.splice(Math.max(at, 0), 1));
  }
  return order;
}

/** What a start came to, on what stands in the tree. */
function workOf(tree: Tree, agent: AgentSpec, { wrote }: Start): Work {
  const program = JSON.parse(tree.read(programFile(agent.id)) ?? '{}') as Program;
  const changes = (wrote ?? [])
    .map(([path, oid]): [string, string | null, string] => {
      const before = tree.read(path);
      return [path, before === null ? null : blobOf(before), oid];
    })
    .filter(([, before, after]) => before !== after);
  return {
    result: JSON.stringify([changes, program.holds]),
    wrote: changes.map(([path, , oid]) => [path, oid]),
    holds: program.holds,
  };
}

/** Work that passes: its proof commands are green, it asks nobody, and who implements has changed something. */
function isGood(tree: Tree, { id }: AgentSpec, { asked }: Start, { wrote }: Work): boolean {
  const { fine } = JSON.parse(tree.read(programFile(id)) ?? '{}') as Program;
  return fine && !asked && (wrote.length > 0 || ['A8', 'A0'].includes(id));
}

function isLanded(ledger: readonly Entry[]): boolean {
  return (
    ledger.findLast(({ type }) => type === 'wave.landed' || type === 'wave.reopened')?.type === 'wave.landed'
  );
}

/** The entries of a tree, in the order of their ids. */
export function readLedger(tree: Tree): Entry[] {
  return tree
    .files()
    .filter((path) => path.startsWith(`${ledgerFolder}/`) && path.endsWith('.json'))
    .map((path) => JSON.parse(tree.read(path) ?? '{}') as Entry)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The id that git gives to a text. */
export function blobOf(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}
