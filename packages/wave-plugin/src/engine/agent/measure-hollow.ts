import type { HollowResult, MeasuredPlace, StrengthMeasured } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { splitCommandLine } from '../../core/command-line';
import { onlyLooks } from '../../proof/checkers';
import { saysGenerated, type ChangedFiles } from '../../proof/changed-files';
import type { FunctionPlace, SourceFile } from '../../proof/contracts';
import { noticeOf } from '../../proof/counted';
import { whyUnmeasured } from '../../proof/foresee';
import { languageOf } from '../../proof/languages/registry';
import { findInvocations } from '../../proof/runners/find-invocations';
import { proofTreeOf } from '../slices/observe-tests';
import type { GreenSlice, SliceTexts } from './green-slice';
import { runOnTree, type RanCommand } from './measured-tree';

export interface HollowInput extends SliceTexts {
  files: ChangedFiles;
}

type Hollowed = Pick<StrengthMeasured, 'hollow' | 'unmeasured'>;

/** Empties every changed function at once; one command that notices is enough. */
export async function emptyFunctions(green: GreenSlice, input: HollowInput): Promise<Result<Hollowed>> {
  const { texts, functions, unread } = await emptied(input);
  if (functions.length === 0) return ok({ hollow: null, unmeasured: nothingToEmpty(input, unread) });
  const started = green.session.edges.clock.now();
  const tried = await tryTexts(green, new Map([...input.config, ...texts]));
  if (!tried.ok) return tried;
  const { red, unknown } = tried.value;
  if (red === null && unknown !== null) return ok({ hollow: null, unmeasured: neverRan(unknown) });
  const durationMs = green.session.edges.clock.now() - started;
  return ok({ hollow: { functions, red, durationMs }, unmeasured: null });
}

const neverRan = (command: string) =>
  `\`${command}\` ends before its tests run once functions are empty, so nothing is known of them`;

function nothingToEmpty({ files }: HollowInput, unread: readonly string[]): string {
  if (unread.length > 0) return `${unread[0] ?? ''} could not be read as a program`;
  return files.sources.length > 0 ? whyUnmeasured.noFunction : whyUnmeasured.noSource;
}

/** The emptied texts by path, and the functions in them. */
async function emptied(
  input: HollowInput,
  wanted: (path: string, place: FunctionPlace) => boolean = () => true,
): Promise<{ texts: Map<string, string>; functions: MeasuredPlace[]; unread: string[] }> {
  const texts = new Map<string, string>();
  const functions: MeasuredPlace[] = [];
  const unread: string[] = [];
  for (const file of sourcesOf(input)) {
    const tools = await languageOf(file.path)?.load();
    // What only hands on a function says nothing by itself: tests may import it where it stands.
    const made = tools?.hollow(file, (place) => place.passesOn !== true && wanted(file.path, place));
    if (made === undefined || made === 'unparseable') {
      unread.push(file.path);
      continue;
    }
    if (made.functions.length === 0) continue;
    texts.set(file.path, made.text);
    functions.push(...made.functions.map(({ name, line }) => ({ path: file.path, name, line })));
  }
  return { texts, functions, unread };
}

/** The sources of a slice, each with all that the base had in changed files of a known language. */
export function sourcesOf({ files, before, now }: HollowInput): SourceFile[] {
  const old = [...before].filter(([path]) => languageOf(path) !== null).map(([, text]) => text);
  return files.sources.flatMap((path) => {
    const text = now.get(path);
    if (text === undefined || isOfTool(text, before.get(path))) return [];
    return [{ path, text, before: old }];
  });
}

/** Written by a tool, and no work that says so only now. */
function isOfTool(text: string, before: string | undefined): boolean {
  return saysGenerated(text) && (before === undefined || saysGenerated(before));
}

/** The first command that notices, and the first of which nobody can say whether it would. */
export interface Tried {
  red: string | null;
  unknown: string | null;
}

/** A command that waits for what an empty function never does has noticed: this long, and this many times what it takes. */
const leastMs = 120_000;
const mostTimes = 5;

/** Runs the commands that could notice, in their order, until one does. */
export async function tryTexts(
  green: GreenSlice,
  texts: ReadonlyMap<string, string>,
): Promise<Result<Tried>> {
  const commands = await commandsThatRun(green);
  let unknown: string | null = null;
  let red: string | null = null;
  const isEnough = ({ result, seen }: RanCommand) => {
    const before = green.seen.find(({ command }) => command === seen.command) ?? seen;
    const passed = result.outcome === 'passed';
    const notice = result.outcome === 'timeout' ? 'red' : noticeOf(before, seen, passed);
    if (notice === 'unknown') unknown ??= seen.command;
    if (notice === 'red') red = seen.command;
    return notice === 'red';
  };
  const limitOf = (command: string) =>
    Math.max(leastMs, mostTimes * (green.results.find((one) => one.command === command)?.durationMs ?? 0));
  const ran = await runOnTree({ ...green, commands }, texts, { isEnough, limitOf });
  return ran.ok ? ok({ red, unknown }) : ran;
}

/** Linters, formatters and type checkers see no behaviour: they are left out. */
async function commandsThatRun({ session, checkout, commands }: GreenSlice): Promise<string[]> {
  const tree = proofTreeOf(session, checkout);
  const running: string[] = [];
  for (const command of commands) {
    const line = splitCommandLine(command);
    if (!line.ok || !onlyLooks(await findInvocations(line.words, tree))) running.push(command);
  }
  return running;
}

/** Empties each function by itself: those that no command notices. */
export async function emptyOneByOne(
  green: GreenSlice,
  input: HollowInput,
  { hollow, mayGoOn }: { hollow: HollowResult; mayGoOn: () => boolean },
): Promise<Result<MeasuredPlace[]>> {
  const unnoticed: MeasuredPlace[] = [];
  if (hollow.functions.length < 2) return ok(unnoticed);
  for (const one of hollow.functions) {
    if (!mayGoOn()) break;
    const { texts } = await emptied(
      input,
      (path, { name, line }) => path === one.path && name === one.name && line === one.line,
    );
    const tried = await tryTexts(green, new Map([...input.config, ...texts]));
    if (!tried.ok) return tried;
    if (tried.value.red === null && tried.value.unknown === null) unnoticed.push(one);
  }
  return ok(unnoticed);
}
