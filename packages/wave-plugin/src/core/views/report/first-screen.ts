import { count } from '../../count';
import { addUsage, describeMoney, describeTokens } from '../../usage';
import { wasPaid } from '../../paid-attempts';
import type { Usage } from '@nx-wave/schemas';
import { againstClosing, reasonParts, withoutQuote } from '../against-closing';
import { unsafeCages } from '../cages';
import type { Finding } from '../findings';
import { outcomeOf } from '../outcome';
import { describePhase } from '../status';
import { strengthWord } from '../strengths';
import { code, plain, type ReportBlock, type Span, type Tile, type Tone } from './block';
import type { FileView } from './files-section';
import { attemptsInOrder, provingAttempt, type ReportInput } from './report-input';
import { reuseSaved } from './reuse-section';

/** What a person sees first: may it land, why not, what to do next, and what all of it rests on in a few words. */
export function firstScreen(
  input: ReportInput,
  { findings, files }: { findings: readonly Finding[]; files: readonly FileView[] },
): ReportBlock[] {
  const { wave } = input;
  const { project } = wave.identity;
  return [
    { kind: 'heading', level: 1, text: wave.title === null ? project : `${project}: ${wave.title}` },
    banner(input, findings),
    { kind: 'tiles', tiles: tilesOf(input, { findings, files }) },
  ];
}

function banner(input: ReportInput, findings: readonly Finding[]): ReportBlock {
  const { closure, state } = input;
  const { next } = closure;
  const why: Span[] = [plain(`${describePhase(state)}.`)];
  const answer = (tone: 'good' | 'bad' | 'waiting', text: string, more: Span[] = []): ReportBlock => ({
    kind: 'banner',
    tone,
    answer: text,
    why: [...why, ...more],
    next,
  });
  if (state.landed)
    return closure.state === 'closed' || closure.reasons.length === 0
      ? answer('good', 'It has landed.')
      : answer('bad', 'It has landed, and its tree was taken back.', causeOf(input));
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  if (closure.state === 'closed' && state.phase === 'closed')
    return warnings === 0
      ? answer('good', 'Yes: it is closed on proof.')
      : answer('good', `Yes: it is closed on proof. Look at ${count(warnings, 'warning')} first.`);
  switch (outcomeOf(input)) {
    case 'failed':
      return answer('bad', 'No: what was judged was refused.', causeOf(input));
    case 'blocked':
      return answer('waiting', 'Not yet: it waits for a person.', causeOf(input));
    default:
      return closure.state === 'closed'
        ? answer('waiting', 'Not yet: everything is proven, and a launch has to close it.')
        : answer('waiting', 'Not yet: it is not finished.');
  }
}

/** The first thing against closing, in one line. */
function causeOf(input: ReportInput): Span[] {
  const [question] = input.state.questions;
  if (question !== undefined)
    return [plain(' '), code(question.agentId), plain(` asks: ${question.summary}`)];
  const [cause] = againstClosing(input);
  if (cause === undefined) return [];
  const who = cause.agentIds.length === 0 ? '' : `${cause.agentIds.join(', ')}: `;
  return [plain(' The cause: '), { text: `${who}${withoutQuote(reasonParts(cause).line)}`, tone: 'bad' }];
}

function tilesOf(
  input: ReportInput,
  { findings, files }: { findings: readonly Finding[]; files: readonly FileView[] },
): Tile[] {
  const { state } = input;
  const proven = state.units.filter(({ status }) => status === 'proven').length;
  const said = findings.filter(({ code: kind }) => kind === 'agent-gap' || kind === 'agent-risk').length;
  const tile = (label: string, text: string, tone?: Span['tone']): Tile => ({
    label,
    value: [{ text, ...(tone === undefined ? {} : { tone }) }],
  });
  return [
    tile('Outcome', ...outcomeWord(input)),
    ...(state.landed
      ? []
      : [
          tile(
            'Agents',
            `${proven} of ${state.units.length} proven`,
            proven === state.units.length ? 'good' : 'waiting',
          ),
        ]),
    tile('Changes', changesWords(files)),
    proofTile(input),
    strengthTile(input),
    cageTile(input),
    tile(
      'Risks and gaps',
      said === 0 ? 'none told' : `${said} told by agents`,
      said === 0 ? undefined : 'waiting',
    ),
    costTile(input),
  ];
}

function changesWords(files: readonly FileView[]): string {
  const paths = new Set(files.map(({ path }) => path)).size;
  const sum = (key: 'added' | 'removed') => files.reduce((all, file) => all + file[key], 0);
  return `${count(paths, 'file')}, +${sum('added')} \u2212${sum('removed')}`;
}

function proofTile(input: ReportInput): Tile {
  const proving = input.wave.agents.flatMap(({ unitId }) => provingAttempt(input, unitId) ?? []);
  const commands = proving.flatMap(({ predicate }) => predicate.proofCommands);
  const tests = proving
    .flatMap(({ predicate }) => predicate.strength?.commands ?? [])
    .reduce((sum, one) => sum + (one.tests?.executed ?? 0), 0);
  const red = input.state.units
    .filter(({ status }) => status === 'failed')
    .flatMap(({ unitId }) => {
      const last = attemptsInOrder(input).findLast(({ predicate }) => predicate.agentId === unitId);
      return (last?.predicate.proofCommands ?? []).filter(({ outcome }) => outcome !== 'passed');
    });
  const words = [
    ...(commands.length === 0 ? [] : [`${count(commands.length, 'command')} passed`]),
    ...(tests === 0 ? [] : [count(tests, 'test')]),
    ...(red.length === 0 ? [] : [`${count(red.length, 'command')} red`]),
  ];
  const tone = red.length > 0 ? ('bad' as const) : commands.length === 0 ? ('waiting' as const) : undefined;
  const text = words.length === 0 ? 'no proof commands' : words.join(', ');
  return { label: 'Proof', value: [{ text, ...(tone === undefined ? {} : { tone }) }] };
}

function outcomeWord(input: ReportInput): [word: string, tone: Tone] {
  const { closure, state } = input;
  const outcome = outcomeOf(input);
  if (closure.landed) return ['landed', outcome === 'closed' ? 'good' : 'bad'];
  if (outcome === 'closed' && state.phase !== 'closed') return ['ready to close', 'waiting'];
  return [outcome, outcome === 'closed' ? 'good' : outcome === 'failed' ? 'bad' : 'waiting'];
}

/** Every level that was reached, with how often. */
function strengthTile({ strengths = [] }: ReportInput): Tile {
  const words = new Map<string, number>();
  for (const one of strengths) words.set(strengthWord(one), (words.get(strengthWord(one)) ?? 0) + 1);
  const isWeak = [...words.keys()].some((word) => word === 'exit' || word === 'not measurable');
  const text = [...words].map(([word, times]) => (words.size === 1 ? word : `${word} (${times})`)).join(', ');
  return {
    label: 'Strength of proof',
    value: [{ text: text === '' ? 'nothing to measure' : text, ...(isWeak ? { tone: 'waiting' } : {}) }],
  };
}

function cageTile(input: ReportInput): Tile {
  const { cages = [] } = input;
  const without = new Set(unsafeCages(input).map(({ unitId }) => unitId)).size;
  const text =
    cages.length === 0
      ? 'nothing ran here'
      : without === 0
        ? 'around everything'
        : `none for ${count(without, 'agent')}`;
  return { label: 'Cage', value: [{ text, ...(without === 0 ? {} : { tone: 'waiting' }) }] };
}

function costTile(input: ReportInput): Tile {
  const paid = input.attempts.filter(({ predicate }) => wasPaid(predicate));
  const usage = paid.reduce<Usage | null>((sum, { predicate }) => addUsage(sum, predicate.usage), null);
  const { times } = reuseSaved(input);
  const words = [
    usage === null
      ? 'nothing told'
      : `${describeMoney(usage)}, ${describeTokens(usage.inputTokens + usage.outputTokens)} tokens`,
    ...(times === 0 ? [] : [`reused ${count(times, 'time')}`]),
  ];
  return { label: 'Cost', value: [plain(words.join('; '))] };
}
