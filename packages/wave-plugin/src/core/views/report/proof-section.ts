import type { ProofCommandResult } from '@nx-wave/schemas';
import type { AttemptRecord } from '../../state/wave-evidence';
import { isLoweredUnsaid } from '../lowered';
import { heldOutOf } from '../../held-out';
import { describeStrength } from '../strength-lines';
import { usersHomeTold } from '../../verify/proof-ground';
import { unitCages } from '../cages';
import { amount, code, part, plain, section, type ReportBlock, type Span } from './block';
import { attemptsInOrder, provingAttempt, type ReportInput } from './report-input';
import { describeTime } from './usage-section';

/** What stands behind the wave: judgements, commands that were run by the runner, and the identity of every proof. */
export function proofSection(input: ReportInput): ReportBlock[] {
  const { state, wave } = input;
  const proving = wave.agents.flatMap(({ unitId }) => {
    const attempt = provingAttempt(input, unitId);
    return attempt === null ? [] : [{ unitId, attempt }];
  });
  const commands = proving.flatMap(({ unitId, attempt }) =>
    attempt.predicate.proofCommands.map((result) => commandRow(unitId, result)),
  );
  const merged: Span[][] =
    state.prove === null
      ? []
      : [
          [plain('merged tree'), plain('all of them'), passed(state.prove.ok), amount('–')],
          ...heldOutRows(input),
        ];
  return section(
    'What it rests on',
    ...part('Gates', {
      kind: 'table',
      head: ['stage', 'result', 'reasons'],
      rows: state.verdicts.map(({ stage, ok, reasons }) => [
        plain(stage),
        passed(ok),
        plain([...new Set(reasons.map((reason) => reason.code))].join(', ')),
      ]),
    }),
    ...part(
      'Proof commands',
      { kind: 'table', head: ['proves', 'command', 'result', 'time'], rows: [...commands, ...merged] },
      usersHome(input),
    ),
    ...part('Cages', {
      kind: 'table',
      head: ['agent', 'around it', 'around its proof'],
      rows: unitCages(
        wave.agents.map(({ unitId }) => unitId),
        input.attempts,
      ).map(({ unitId, agent, proofs }) => [code(unitId), caged(agent), caged(proofs)]),
    }),
    ...part('Strength of proof', {
      kind: 'table',
      head: ['agent', 'asked', 'claimed', 'measured', 'evidence'],
      rows: proving.flatMap(({ unitId, attempt }) =>
        strengthRow(
          unitId,
          attempt,
          wave.agents.some((one) => one.unitId === unitId && isLoweredUnsaid(one.proofStrength)),
        ),
      ),
    }),
    ...part('Failed commands', ...failedTails(input)),
  );
}

/** The digests by which everything is known. */
export function identitiesPart({ closure }: ReportInput): ReportBlock[] {
  return part('Identities', {
    kind: 'table',
    head: ['agent', 'work key', 'result', 'proof'],
    rows: closure.agents.map(({ agentId, workKey, resultDigest, proofDigest }) =>
      [agentId, workKey, resultDigest, proofDigest].map((text) => (text === null ? plain('–') : code(text))),
    ),
  });
}

/** Commands that no agent has seen, with what they run: the report is for people. */
function heldOutRows({ wave, state }: ReportInput): Span[][] {
  return heldOutOf(wave).map(({ name, command }) => {
    const result = state.prove?.heldOut?.find((one) => one.name === name);
    const ended: Span = result === undefined ? { text: 'not run', tone: 'waiting' } : passed(result.passed);
    return [plain(`merged tree, ${name}`), code(command), ended, amount('–')];
  });
}

/** What a proof is worth; nothing of agents that owe none. */
function strengthRow(unitId: string, { predicate, envelope }: AttemptRecord, lowered: boolean): Span[][] {
  const { strength, proofCommands, changes } = predicate;
  if (strength === undefined || (proofCommands.length === 0 && changes.length === 0)) return [];
  const { asked, reached, unmeasured, reason, findings } = strength;
  const measured: Span =
    unmeasured === null
      ? { text: reached, tone: 'good' }
      : { text: asked === 'exit' ? 'exit' : 'not measurable', tone: 'waiting' };
  const evidence = [
    unmeasured ?? describeStrength(strength),
    ...(reason === null ? [] : [`reason given: ${reason}`]),
    ...(lowered ? ['less than usual is asked, and nobody says why'] : []),
    ...findings.map(({ message }) => message),
  ].filter((text) => text !== '');
  // What the agent says of its proof: nobody has measured that.
  const claimed = envelope?.proof.proofLevel ?? '–';
  return [[code(unitId), plain(asked), plain(claimed), measured, plain(evidence.join('. '))]];
}

/** What was proved with the home of the person, where anything was. */
function usersHome(input: ReportInput): ReportBlock | null {
  const units = input.wave.agents
    .map(({ unitId }) => unitId)
    .filter((unitId) => provingAttempt(input, unitId)?.predicate.proofHome === 'user');
  const proved = [...units, ...(input.state.prove?.home === 'user' ? ['the merged tree'] : [])];
  if (proved.length === 0) return null;
  return {
    kind: 'paragraph',
    spans: [{ text: `${usersHomeTold} So were proved: ${proved.join(', ')}.`, tone: 'waiting' }],
  };
}

/** Where there was none, a person who lands should see it. */
function caged(words: string | null): Span {
  return words?.startsWith('none') === true ? { text: words, tone: 'waiting' } : plain(words ?? '–');
}

function passed(ok: boolean): Span {
  return ok ? { text: 'passed', tone: 'good' } : { text: 'failed', tone: 'bad' };
}

function commandRow(unitId: string, { command, outcome, durationMs }: ProofCommandResult): Span[] {
  const result: Span = outcome === 'passed' ? passed(true) : { text: outcome, tone: 'bad' };
  return [code(unitId), code(command), result, amount(describeTime(durationMs))];
}

/** The last output of commands that failed in the latest attempt of a unit that has no proof. */
function failedTails(input: ReportInput): ReportBlock[] {
  const open = input.state.units.filter(({ proof, status }) => proof === null && status === 'failed');
  return open.flatMap(({ unitId }) => {
    const last = attemptsInOrder(input).findLast(({ predicate }) => predicate.agentId === unitId);
    return (last?.predicate.proofCommands ?? [])
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ command, outcome, tail }): ReportBlock => ({
        kind: 'fold',
        title: `${unitId}: ${command} (${outcome})`,
        text: tail,
      }));
  });
}
