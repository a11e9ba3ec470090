import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type StrengthLevel, strengthLevels } from '@nx-wave/schemas';
import { createWaveRig, type WaveRig } from '../../packages/wave-plugin/src/testing/rig';
import { rigStore } from '../../packages/wave-plugin/src/testing/rig-store';
import type { SliceCase } from './proof-case';
import type { WaveCase } from './stewards';

/** How one case ended at one level. */
export interface LevelEnd {
  accepted: boolean;
  /** Codes of the refusal. */
  codes: string[];
  /** The refusal as it is told, in the order of its codes. */
  messages: string[];
  /** Everything that measuring took besides the proof commands, in milliseconds; null where nothing was measured. */
  cost: { proofMs: number; measuringMs: number } | null;
}

/** How a case ended at each level, and with the command that was held out. */
export type CaseEnd = Partial<Record<StrengthLevel | 'held-out', LevelEnd>>;

const modules = join(__dirname, '../../node_modules');
const programs = { jest: 'jest', vitest: 'vitest', mocha: 'mocha', typescript: 'tsc' };
const notDelivered =
  /(?:^|\/)(?:tests?|__tests__|__snapshots__|checks|e2e)\/|(?:^|\/)[^/]*config\.[^/]*$|\.json$|\.mocharc/;

/**
 * Runs one agent that leaves the slice of a case, and lets the real engine judge it: first at `exit`, then, verified again
 * without a run, at each level that is asked for. A level that refuses ends the row: those above it ask for more.
 */
export async function runCase(
  one: SliceCase,
  {
    levels,
    holdOut = levels.includes('strict'),
    onLine,
  }: {
    levels: readonly StrengthLevel[];
    /** Whether the command that no agent saw is run; where nothing is said, with `strict`. */
    holdOut?: boolean;
    onLine?: (line: string) => void;
  },
): Promise<CaseEnd> {
  await using rig = rigOf(one);
  const end: CaseEnd = {};
  for (const level of strengthLevels.filter((each) => levels.includes(each))) {
    rig.configure({ proof: { level } });
    const judged = await judge(rig, level, onLine);
    if (judged === null) throw new Error(`the wave of ${one.id} cannot be read`);
    end[level] = judged;
    if (!judged.accepted) return end;
  }
  if (one.heldOut !== undefined && holdOut) {
    const { command, files } = one.heldOut;
    rig.edit((agents) => {
      const { A1 } = agents;
      if (A1 !== undefined)
        A1.sections = sections(one, [`held-out: ${command} | files: ${Object.keys(files).join(', ')}`]);
    });
    end['held-out'] = await closes(rig, onLine);
  }
  return end;
}

/** Whether the wave closes: held-out commands are run on the merged tree. */
async function closes(rig: WaveRig, onLine: (line: string) => void = () => undefined): Promise<LevelEnd> {
  const { closure, failures, lines } = await rig.launch();
  lines.forEach(onLine);
  const reasons = closure?.reasons ?? [];
  return {
    accepted: closure?.state === 'closed',
    codes: [...failures.map(({ code }) => code), ...reasons.map(({ code }) => code)],
    messages: [...failures.map(({ message }) => message), ...reasons.map(({ detail }) => detail)],
    cost: null,
  };
}

/** Runs a whole wave with its stewards at each level, each time in a repository of its own. */
export async function runWaveCase(one: WaveCase, levels: readonly StrengthLevel[]): Promise<CaseEnd> {
  const end: CaseEnd = {};
  for (const level of levels) {
    await using rig = createWaveRig({
      files: one.base,
      agents: [...one.agents],
      config: { proof: { level } },
    });
    shareModules(rig.root);
    end[level] = await closes(rig);
    if (end[level]?.accepted === false) return end;
  }
  return end;
}

function rigOf(one: SliceCase): WaveRig {
  const rig = createWaveRig({
    files: {
      ...one.shape.files,
      ...one.base,
      ...one.heldOut?.files,
      '.gitignore': '.tmp/\nnode_modules/\n',
    },
    agents: [
      {
        id: 'A1',
        owns: [...(one.owns ?? Object.keys(one.slice))],
        deliverables: [...(one.deliverables ?? delivered(one))],
        proofCommands: [...(one.commands ?? one.shape.commands)],
        sections: sections(one, []),
        does: program(one),
      },
    ],
  });
  shareModules(rig.root);
  return rig;
}

const delivered = ({ slice }: SliceCase) =>
  Object.entries(slice).flatMap(([path, text]) => (text === null || notDelivered.test(path) ? [] : [path]));

function sections({ artifacts = [], strength = [] }: SliceCase, more: readonly string[]): string {
  const lines = [...strength, ...more];
  return [
    ...(artifacts.length === 0
      ? []
      : ['### Proof artifacts', '', ...artifacts.map((path) => `- ${path}`), '']),
    ...(lines.length === 0 ? [] : ['### Proof strength', '', ...lines.map((line) => `- ${line}`), '']),
  ].join('\n');
}

function program({ slice, does = '' }: SliceCase): string {
  const writes = Object.entries(slice).map(([path, text]) =>
    text === null
      ? `remove(${JSON.stringify(path)});`
      : `write(${JSON.stringify(path)}, ${JSON.stringify(text)});`,
  );
  return [...writes, does].join('\n');
}

/** The runners of this repository, as an installed workspace has them. */
function shareModules(root: string): void {
  mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
  for (const [name, bin] of Object.entries(programs)) {
    symlinkSync(join(modules, name), join(root, 'node_modules', name));
    symlinkSync(join(modules, '.bin', bin), join(root, 'node_modules', '.bin', bin));
  }
}

/** Null where the wave was refused before anything was judged. */
async function judge(
  rig: WaveRig,
  level: StrengthLevel,
  onLine: (line: string) => void = () => undefined,
): Promise<LevelEnd | null> {
  const { tasks, failures, lines } = await rig.agent('A1');
  lines.forEach(onLine);
  if (tasks['agent-a1'] === undefined) return null;
  const accepted = tasks['agent-a1'] === 'proven' || tasks['agent-a1'] === 'reused';
  return {
    accepted,
    codes: failures.map(({ code }) => code),
    messages: failures.map(({ message }) => message),
    cost: accepted ? costOf(rig, level) : null,
  };
}

/** Of the bundle that was proved at this level; a bundle stands for each. */
function costOf(rig: WaveRig, level: StrengthLevel): LevelEnd['cost'] {
  const strengths = rigStore(rig)
    .proofs()
    .map((folder) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).predicate.strength);
  const measured = strengths.find((strength) => strength?.asked === level);
  return measured === undefined ? null : { proofMs: measured.proofMs, measuringMs: measured.measuringMs };
}
