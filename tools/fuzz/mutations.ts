import fc from 'fast-check';

/** One change to a text, in positions that hold for texts of any length. */
type Mutation =
  | { do: 'insert'; at: number; text: string }
  | { do: 'remove' | 'repeat' | 'reverse'; at: number; size: number }
  | { do: 'flip'; at: number; bit: number }
  | { do: 'cut'; at: number }
  | { do: 'move line' | 'remove line' | 'repeat line'; at: number; to: number }
  | { do: 'splice'; at: number; from: number }
  | { do: 'value'; at: number; text: string };

/** What parsers stumble over. */
const tokens = [
  ...[
    '"',
    "'",
    '`',
    '```',
    '~~~',
    '\\',
    '\\u0000',
    '\\ud800',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '|',
    '#',
    '##',
    '###',
    '- ',
    '-',
    '*',
  ],
  ...[
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\0',
    '\ufeff',
    '\u2028',
    '\u200b',
    '\ud800',
    '\u001b[31m',
    '\u001b]0;t\u0007',
    'é',
    'e\u0301',
    '🚀',
  ],
  ...[
    '..',
    '../',
    '/',
    '//',
    './',
    '.git',
    '.GIT',
    'git~1',
    '.nx-wave/',
    '.tmp/',
    'C:\\',
    '~',
    '$(id)',
    '%2e%2e',
    'con',
    '*.ts',
  ],
  ...[
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    '9007199254740993',
    '__proto__',
    'constructor',
    'toString',
    '{"a":1,"a":2}',
  ],
  ...[
    '## Agent A1: Twice',
    '### Prompt',
    '### Executor',
    '- id: local',
    'File ownership:',
    '- ../out.txt',
    'wave-1.ledger',
  ],
];

/** What may stand in the place of another value of JSON. */
const values = [
  ...['""', '" "', '"../x"', '"__proto__"', '"\\ud800"', '"-1"'],
  ...['0', '-1', '0.5', '-0', '1e999', '9007199254740993', 'null', 'true', '[]', '{}', '[null]', '{"a":1}'],
];

/** A text (with a colon behind it, a key), a number or a word of JSON. */
const valueForm = /"(?:[^"\\\n]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?|\b(?:true|false|null)\b/g;

/** Anywhere: numbers of fast-check with a point are mostly at the ends. */
const place = fc.integer({ min: 0, max: 9_999 }).map((number) => number / 10_000);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    do: fc.constant('insert' as const),
    at: place,
    text: fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 8, unit: 'binary' })),
  }),
  fc.record({
    do: fc.constantFrom('remove' as const, 'repeat' as const, 'reverse' as const),
    at: place,
    size: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ do: fc.constant('flip' as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ do: fc.constant('cut' as const), at: place }),
  fc.record({
    do: fc.constantFrom('move line' as const, 'remove line' as const, 'repeat line' as const),
    at: place,
    to: place,
  }),
  fc.record({ do: fc.constant('splice' as const), at: place, from: place }),
  fc.record({ do: fc.constant('value' as const), at: place, text: fc.constantFrom(...values) }),
);

/** Texts that are close to valid ones, and some that are close to nothing. */
export const mutated = (seeds: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...seeds),
          fc.constantFrom(...seeds),
          fc.array(mutation, { minLength: 1, maxLength: 5 }),
        )
        .map(([seed, other, list]) => list.reduce((text, one) => mutate(text, one, other), seed)),
    },
    {
      weight: 1,
      arbitrary: fc.array(fc.constantFrom(...tokens), { maxLength: 40 }).map((list) => list.join('')),
    },
  );

function mutate(text: string, mutation: Mutation, other: string): string {
  const at = Math.floor(mutation.at * text.length);
  switch (mutation.do) {
    case 'insert':
      return text.slice(0, at) + mutation.text + text.slice(at);
    case 'remove':
      return text.slice(0, at) + text.slice(at + mutation.size);
    case 'repeat':
      return text.slice(0, at + mutation.size) + text.slice(at);
    case 'reverse':
      return (
        text.slice(0, at) +
        [...text.slice(at, at + mutation.size)].reverse().join('') +
        text.slice(at + mutation.size)
      );
    case 'flip':
      return (
        text.slice(0, at) +
        String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << mutation.bit)) +
        text.slice(at + 1)
      );
    case 'cut':
      return text.slice(0, at);
    case 'splice':
      return text.slice(0, at) + other.slice(Math.floor(mutation.from * other.length));
    case 'value':
      return replaceValue(text, mutation);
    default:
      return mutateLines(text.split('\n'), mutation).join('\n');
  }
}

function replaceValue(text: string, { at, text: value }: Extract<Mutation, { do: 'value' }>): string {
  const all = [...text.matchAll(valueForm)].filter(([, colon]) => colon === undefined);
  const old = all[Math.floor(at * all.length)];
  return old === undefined ? text : text.slice(0, old.index) + value + text.slice(old.index + old[0].length);
}

function mutateLines(lines: string[], { do: verb, at, to }: Extract<Mutation, { to: number }>): string[] {
  const from = Math.floor(at * lines.length);
  const [line = ''] = lines.slice(from, from + 1);
  const rest = verb === 'repeat line' ? lines : lines.filter((_, index) => index !== from);
  if (verb === 'remove line') return rest;
  const target = Math.floor(to * (rest.length + 1));
  return [...rest.slice(0, target), line, ...rest.slice(target)];
}

/** What makes bad parsers slow: one thing again and again, whole or never closed. */
export interface Pump {
  name: string;
  unit: string;
  before?: string;
}

export const pumps: readonly Pump[] = [
  { name: 'spaces', unit: ' ' },
  { name: 'letters', unit: 'a' },
  { name: 'line ends', unit: '\n' },
  { name: 'carriage returns', unit: '\r' },
  { name: 'back-quotes', unit: '`' },
  { name: 'open fences', unit: '```\n' },
  { name: 'dashes', unit: '- ' },
  { name: 'list items', unit: '- src/a.ts\n' },
  { name: 'headings', unit: '### Prompt\n' },
  { name: 'hashes', unit: '#' },
  { name: 'agents', unit: '## Agent A1: Again\n' },
  { name: 'pipes', unit: '|' },
  { name: 'fields', unit: 'a: b | c: d | ' },
  { name: 'open brackets', unit: '[' },
  { name: 'open braces', unit: '{"a":' },
  { name: 'quotes', unit: '"' },
  { name: 'backslashes', unit: '\\' },
  { name: 'one long JSON string', unit: 'x', before: '{"type":"' },
  { name: 'JSON lines', unit: '{"type":"text","part":{"text":"hello"}}\n' },
  { name: 'escapes', unit: '\u001b[31m' },
  { name: 'open escapes', unit: '\u001b]0;' },
  { name: 'markers', unit: '[wave-proof] completion=contract ' },
  { name: 'NUL', unit: '\0' },
];

export const pumped = ({ unit, before = '' }: Pump, size: number): string =>
  before + unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
