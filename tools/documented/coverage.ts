import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { held, runElsewhere, story } from '../strangers/documented.cjs';
import { readFences, type DocumentedCommand } from './documented-commands';
import { allDocumented, pagesOfUsers, textOf } from './pages';
import { open, shellCommands } from './shell-words';

const root = resolve(__dirname, '..', '..');

/** What a command does, whatever it does it to: `nx run wave:land --branch --by`. */
export interface Form {
  head: string;
  options: string;
}

/** How one command of the pages for users is known to hold: it is run, or it is held against its schema alone, and why. */
export interface Coverage {
  text: string;
  places: string[];
  /** Who runs it; null where nobody does. */
  by: string | null;
  reason: string | null;
}

const stranger = 'npm run e2e';

/** The forms of a line, one for each command in it. Placeholders and values are left out: `wave-1` and `wave-3` are both a wave. */
export function formsOf(line: string): Form[] {
  const found = shellCommands(line);
  if (!found.ok) throw new Error(`${line}: ${found.problem}`);
  return found.commands.map((all) => {
    const variables = all.filter((word) => /^\w+=/.test(word)).map((word) => word.split('=')[0] ?? '');
    const words = all.filter((word) => word !== open && !/^\w+=/.test(word));
    const [program = '', ...rest] = words[0] === 'npx' ? words.slice(1) : words;
    const options = rest
      .flatMap((word) => /^--?([A-Za-z][\w-]*)/.exec(word)?.[1] ?? [])
      .map((name) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()));
    return {
      head: [...variables, program, ...headOf(program, rest)].filter((word) => word !== '').join(' '),
      options: [...new Set(options)].sort().join(' '),
    };
  });
}

/** The words that say what a program does: as many as its own commands have. */
function headOf(program: string, rest: readonly string[]): string[] {
  const plain = rest.filter((word) => !word.startsWith('-'));
  const [first = '', second = ''] = plain;
  if (program === 'nx' && first === 'run')
    return [first, second.replace(/^wave-\d+:/, 'wave:').replace(/:agent-\w+$/, ':agent')];
  if (program === 'nx' && (first === 'g' || first === 'show')) return [first, second];
  if (program === 'npm' && first === 'run') return [first, second];
  return first === '' ? [] : [first];
}

/** Every command of the pages for users, one entry for each text. */
export function coverage(documented = allDocumented(pagesOfUsers)): Coverage[] {
  const first = readFences(textOf('README.md')).fences.find(({ language }) => language === 'sh');
  const firstScreen = (first?.lines ?? []).map((line) => line.replace(/\s+#.*$/, ''));
  const played = Object.values(story).flatMap((steps) =>
    steps.flatMap(({ run, start, within, mistyped }) => (mistyped ? [] : (run ?? start ?? within ?? []))),
  );
  const forms = [...firstScreen, ...played].flatMap(formsOf);
  const byText = new Map<string, DocumentedCommand[]>();
  for (const one of documented) byText.set(one.text, [...(byText.get(one.text) ?? []), one]);
  return [...byText]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, places]) => ({
      text,
      places: places.map(({ page, line }) => `${page}:${line}`),
      ...decide(text, { forms, isMention: places.every(({ from }) => from === 'sentence') }),
    }));
}

/** A sentence may name a command without what it has to be given; the same command with it is then the one that is run. */
function decide(text: string, { forms, isMention }: { forms: readonly Form[]; isMention: boolean }) {
  const asked = formsOf(text);
  const covers = (form: Form) =>
    forms.some(
      ({ head, options }) =>
        head === form.head && (options === form.options || (isMention && form.options === '')),
    );
  if (asked.length > 0 && asked.every(covers)) return { by: stranger, reason: null };
  const [{ head } = { head: '' }] = asked;
  const isOf = ({ command }: { command: string }) => head === command || head.startsWith(`${command} `);
  const elsewhere = runElsewhere.find(isOf);
  if (elsewhere !== undefined) return { by: elsewhere.by, reason: null };
  const reason = held.find(isOf)?.reason ?? null;
  return { by: null, reason };
}

/** Entries of the tables that no page needs any more, or that do not hold. */
export function staleEntries(documented = allDocumented(pagesOfUsers)): string[] {
  const heads = documented.flatMap(({ text }) => formsOf(text).map(({ head }) => head));
  const named = (command: string) => heads.some((head) => head === command || head.startsWith(`${command} `));
  return [
    ...held.filter(({ command }) => !named(command)).map(({ command }) => `${command}: on no page`),
    ...runElsewhere.filter(({ command }) => !named(command)).map(({ command }) => `${command}: on no page`),
    ...runElsewhere
      .filter(({ by, says }) => !readFileSync(join(root, by), 'utf8').includes(says))
      .map(({ command, by }) => `${command}: not in ${by}`),
  ];
}
