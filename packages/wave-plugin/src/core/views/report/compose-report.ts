import type { Closure } from '@nx-wave/schemas';
import type { UnitState } from '../../state/wave-state';
import { describeSource } from '../../verify/proof-source';
import { blockersOf } from '../blockers';
import { againstClosing, reasonParts } from '../against-closing';
import { wordLines } from '../agent-words';
import { describePhase, describeUnitStatus, reasonLine } from '../status';
import { attemptsSection } from './attempts-section';
import { amount, code, plain, section, type ReportBlock, type Span, type Tone } from './block';
import { decisionsSection } from './decisions-section';
import { changesSection, proofSection } from './proof-section';
import { whyNotShown, type ReportInput } from './report-input';
import { usageSection } from './usage-section';

/**
 * A wave for whoever answers for what lands: where it stands, what stands against it, what it changes, what that rests on
 * and what it cost. Pure: equal stores give equal bytes, so no time of making is in it.
 */
export function composeReport(input: ReportInput): ReportBlock[] {
  const { wave, state, closure, plan } = input;
  const { project, path, lane } = wave.identity;
  const { advisories } = state.landed ? closure : state;
  return [
    { kind: 'heading', level: 1, text: wave.title === null ? project : `${project}: ${wave.title}` },
    { kind: 'paragraph', spans: [{ text: describePhase(state), tone: toneOf(input) }, plain('.')] },
    ...nextLine(closure.next),
    ...causeSection(input),
    ...section('The wave', {
      kind: 'table',
      head: ['', ''],
      rows: [
        [plain('wave file'), code(path)],
        [plain('lane'), plain(lane)],
        ...Object.entries(closure.proof).map(([name, word]) => [plain(`proof of ${name}`), proofWord(word)]),
        ...(closure.mergedTree === null ? [] : [[plain('merged tree'), code(closure.mergedTree)]]),
        ...(closure.patchSha256 === null
          ? []
          : [[plain('integrated patch, sha256'), code(closure.patchSha256)]]),
      ],
    }),
    ...section('Waits for somebody', {
      kind: 'list',
      items: blockersOf(state, plan).map(({ kind, id, detail, waitsFor, next }) => [
        plain(`${kind} ${id}: ${detail} (waits for ${waitsFor.join(', ')}) `),
        code(next),
      ]),
    }),
    ...section('Advisories', { kind: 'list', items: reasonItems(advisories) }),
    ...section('In the words of the agents', {
      kind: 'list',
      items: (input.words ?? []).flatMap(wordLines).map((line) => [plain(line)]),
    }),
    ...section('Agents', {
      kind: 'table',
      head: ['agent', 'task', 'role', 'state', 'attempts', 'program', 'proof', 'from'],
      rows: state.units.map((unit) => [...unitRow(unit), sourceSpan(input, unit)]),
    }),
    ...usageSection(input),
    ...changesSection(input),
    ...proofSection(input),
    ...attemptsSection(input),
    ...decisionsSection(input.ledger),
    ...section('Facts that agents established', {
      kind: 'list',
      items: state.facts.map(({ by, ...fact }) => [code(by), plain(`: ${fact.content}`)]),
    }),
  ];
}

/** What stands against closing, the cause first, with the end of the output and the change that was refused. */
function causeSection(input: ReportInput): ReportBlock[] {
  const parts = againstClosing(input).map(reasonParts);
  return [
    ...section(
      'Against closing',
      { kind: 'list', items: parts.map(({ line }) => [plain(line)]) },
      ...parts
        .filter(({ said }) => said.length > 0)
        .map(({ line, said }): ReportBlock => ({ kind: 'fold', title: line, text: said.join('\n') })),
    ),
    ...section(
      'Refused changes',
      ...(input.refused ?? []).map((patch): ReportBlock => {
        const { unitId, text, path } = patch;
        return text === null
          ? {
              kind: 'paragraph',
              spans: [plain(`The patch of ${unitId} ${whyNotShown(patch)}: `), code(path)],
            }
          : { kind: 'fold', title: `${unitId}: ${path}`, text };
      }),
    ),
  ];
}

function nextLine(next: string | null): ReportBlock[] {
  return next === null ? [] : [{ kind: 'paragraph', spans: [plain('Next: '), code(next)] }];
}

function toneOf({ closure }: ReportInput): Tone {
  if (closure.state === 'closed') return 'good';
  return closure.reasons.length > 0 ? 'bad' : 'waiting';
}

function proofWord(word: string): Span {
  if (word === 'proven') return { text: word, tone: 'good' };
  return word === 'open' ? { text: word, tone: 'waiting' } : plain('not applicable');
}

function reasonItems(found: Closure['reasons']): Span[][] {
  return found.map((reason) => [plain(reasonLine(reason))]);
}

const tones: Partial<Record<UnitState['status'], Tone>> = {
  proven: 'good',
  failed: 'bad',
  asking: 'waiting',
  running: 'waiting',
  interrupted: 'waiting',
};

/** Where the proof of a unit comes from; what this machine did not make itself is seen at once. */
function sourceSpan({ sources = [] }: ReportInput, { unitId }: UnitState): Span {
  const source = sources.find((one) => one.unitId === unitId);
  if (source === undefined) return plain('–');
  const text = describeSource(source);
  return source.provedHere ? plain(text) : { text, tone: 'waiting' };
}

function unitRow(unit: UnitState): Span[] {
  const { unitId, title, role, status, attempts, executor, proof } = unit;
  const tone = tones[status];
  return [
    code(unitId),
    plain(title),
    plain(role),
    { text: describeUnitStatus(status), ...(tone === undefined ? {} : { tone }) },
    amount(String(attempts)),
    plain(executor.id),
    proof === null ? plain('–') : code(proof.proofBundleId),
  ];
}
