import type { Failure } from '@nx-wave/schemas/plain';
import { splitCommandLine } from '../command-line';
import { heldOutOf } from '../held-out';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { quote } from '../parse/diagnostics';
import { splitLines } from '../parse/source';
import { configFile } from '../resolve/check-config';
import type { Finding, WaveLocator } from '../resolve/locate';

/** A proof command of a wave, or a held-out one, that calls its program by name. */
interface ProofLine {
  command: string;
  program: string;
  /** Null for `validation.testCommand`. */
  agent: ResolvedAgent | null;
  /** What runs before it may install the program. */
  mayBeInstalled: boolean;
  /** Name of a command that is kept from agents: its line is not told. */
  heldOut?: string;
}

/** Words of a command that installs what a later one calls. */
const installs = /\b(install|ci|i|add|sync|restore|setup|bootstrap)\b/;

function proofLines(wave: ResolvedWave): ProofLine[] {
  const { agents, settings } = wave;
  const isSetUp = settings.workspace.setup.length > 0;
  const read = (agent: ResolvedAgent | null, commands: readonly string[]) => {
    let mayBeInstalled = isSetUp;
    return commands.flatMap((command): ProofLine[] => {
      const line = splitCommandLine(command);
      const [program] = line.ok ? line.words : [];
      const before = mayBeInstalled;
      mayBeInstalled ||= installs.test(command);
      return program === undefined ? [] : [{ command, program, agent, mayBeInstalled: before }];
    });
  };
  const { testCommand } = settings;
  // On the merged tree they stand behind every command that agents know.
  const heldOut = heldOutOf(wave).flatMap(({ name, unitId, command }) => {
    const agent = agents.find((one) => one.unitId === unitId);
    if (agent === undefined) return [];
    return read(agent, [...agent.proofCommands, command])
      .slice(agent.proofCommands.length)
      .map((line) => ({ ...line, heldOut: name }));
  });
  return [
    ...agents.flatMap((agent) => read(agent, agent.proofCommands)),
    ...(testCommand === null ? [] : read(null, [testCommand])),
    ...heldOut,
  ].filter(({ program }) => !program.includes('/') || program.startsWith('/'));
}

/** Every program that proof commands call by name. One with a path of the workspace may be made by agents or commands. */
export function proofPrograms(wave: ResolvedWave): string[] {
  return [...new Set(proofLines(wave).map(({ program }) => program))].sort();
}

/** What is known of the programs of a wave, and how its findings find their lines. */
export interface ProgramFacts {
  /** Programs that cannot be started, and why. */
  missing: ReadonlyMap<string, string>;
  locator: WaveLocator;
  /** Text of `wave.config.json`. */
  config: string | null;
}

/**
 * One failure for each proof command whose program cannot be started: its agent cannot be proven here. A warning where a
 * command before it may install the program. Codes: proof-program-missing.
 */
export function missingPrograms(wave: ResolvedWave, facts: ProgramFacts): Failure[] {
  return proofLines(wave).flatMap((line) => {
    const why = facts.missing.get(line.program);
    if (why === undefined) return [];
    const { agent, command, heldOut } = line;
    const saying: Finding = {
      message: `${describe(line)} cannot run: ${why}.`,
      next: `Install ${quote(line.program)}, or correct the line: what \`node_modules\` holds is found after an install in your workspace.`,
      severity: line.mayBeInstalled ? 'warning' : 'error',
    };
    const section = heldOut === undefined ? '### Proof commands' : '### Proof strength';
    const blame = { agent: agent ?? undefined, section, needle: command };
    const failure = facts.locator.failure('proof-program-missing', agent === null ? {} : blame, saying);
    if (heldOut !== undefined) return [withoutExcerpt(failure)];
    return [agent === null ? inConfig(failure, command, facts.config) : failure];
  });
}

function describe({ agent, command, heldOut }: ProofLine): string {
  if (heldOut !== undefined) return `The command ${heldOut}, which agents never see,`;
  const whose =
    agent === null ? '`validation.testCommand`' : `The proof command of agent ${quote(agent.agentId)},`;
  return `${whose} ${quote(command)},`;
}

/** What a failure says may come to be read by agents: not a line that is kept from them. */
export function withoutExcerpt({ excerpt: _line, ...rest }: Failure): Failure {
  return rest;
}

function inConfig(failure: Failure, command: string, text: string | null): Failure {
  const rest = withoutExcerpt(failure);
  const place = { wave: failure.place?.wave, path: configFile };
  const wanted = JSON.stringify(command);
  const index = splitLines(text ?? '').findIndex((line) => line.includes(wanted));
  if (index < 0) return { ...rest, place };
  const at = { line: index + 1, column: 1 };
  return { ...rest, place: { ...place, range: { start: at, end: at } } };
}
