import { edited, json, type Honest } from '../proof-case';
import { calc } from '../shapes/calc';
import { cli } from '../shapes/cli';
import { docs, python, rust } from '../shapes/others';
import { store } from '../shapes/store';

export const vitestHonest: readonly Honest[] = [
  {
    id: 'store-remove',
    kind: 'a feature in types, code and tests',
    shape: store,
    slice: {
      'src/types.ts': edited(
        store.files['src/types.ts'],
        "{ type: 'toggle'; id: number }",
        "{ type: 'toggle'; id: number } | { type: 'remove'; id: number }",
      ),
      'src/reducer.ts': edited(
        store.files['src/reducer.ts'],
        "    case 'toggle':",
        "    case 'remove':\n      return { ...state, tasks: state.tasks.filter(({ id }) => id !== action.id) };\n    case 'toggle':",
      ),
      'test/remove.test.ts':
        "import { expect, test } from 'vitest';\nimport { empty, reduce } from '../src';\n\ntest('removes one', () => {\n  const state = reduce(empty, { type: 'add', title: 'a' });\n  expect(reduce(state, { type: 'remove', id: 1 }).tasks).toEqual([]);\n});\n",
    },
  },
  {
    id: 'store-types-only',
    kind: 'types alone',
    shape: store,
    slice: {
      'src/types.ts': edited(
        store.files['src/types.ts'],
        'interface State {\n  tasks: Task[];',
        'interface State {\n  readonly tasks: readonly Task[];',
      ),
      'src/selectors.ts': edited(store.files['src/selectors.ts'], '): Task[]', '): readonly Task[]'),
    },
  },
  {
    id: 'store-compiler-option',
    kind: 'a compiler option as deliverable',
    shape: store,
    slice: {
      'tsconfig.json': edited(
        store.files['tsconfig.json'],
        '"strict": true',
        '"strict": true,\n    "noUnusedLocals": true',
      ),
    },
    deliverables: ['tsconfig.json'],
  },
  {
    id: 'store-barrel',
    kind: 'a module split, re-exported as before',
    shape: store,
    slice: {
      'src/empty.ts':
        "import type { State } from './types';\n\nexport const empty: State = { tasks: [], next: 1 };\n",
      'src/reducer.ts': edited(
        store.files['src/reducer.ts'],
        'export const empty: State = { tasks: [], next: 1 };\n\n',
        '',
      ),
      'src/index.ts': `export * from './empty';\n${store.files['src/index.ts']}`,
    },
  },
  {
    id: 'store-class',
    kind: 'a class with listeners',
    shape: store,
    slice: {
      'src/container.ts': `import { empty, reduce } from './reducer';
import type { Action, State } from './types';

export class Container {
  #state: State = empty;
  readonly #listeners = new Set<(state: State) => void>();

  get state(): State {
    return this.#state;
  }

  subscribe(listener: (state: State) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  dispatch(action: Action): void {
    this.#state = reduce(this.#state, action);
    for (const listener of this.#listeners) listener(this.#state);
  }
}
`,
      'test/container.test.ts': `import { expect, test } from 'vitest';
import { Container } from '../src/container';

test('tells its listeners, until they leave', () => {
  const container = new Container();
  const seen: number[] = [];
  const leave = container.subscribe(({ tasks }) => seen.push(tasks.length));
  container.dispatch({ type: 'add', title: 'a' });
  leave();
  container.dispatch({ type: 'add', title: 'b' });
  expect(seen).toEqual([1]);
});
`,
    },
  },
  {
    id: 'store-browser-tests',
    kind: 'a feature with tests of a browser that are run elsewhere',
    shape: store,
    slice: {
      'src/selectors.ts': `${store.files['src/selectors.ts']}\nexport const count = (state: State): number => open(state).length;\n`,
      'test/count.test.ts':
        "import { expect, test } from 'vitest';\nimport { count, empty, reduce } from '../src';\n\ntest('counts what is open', () => expect(count(reduce(empty, { type: 'add', title: 'a' }))).toBe(1));\n",
      'e2e/count.spec.ts':
        "import { expect, test } from '@playwright/test';\n\ntest('shows the count', async ({ page }) => {\n  await page.goto('/');\n  await expect(page.getByText('1 open')).toBeVisible();\n});\n",
    },
    deliverables: ['src/selectors.ts'],
  },
  {
    id: 'calc-power',
    kind: 'a feature in three files',
    shape: calc,
    slice: {
      'src/lexer.ts': edited(calc.files['src/lexer.ts'], '[-+*/()]', '[-+*/^()]'),
      'src/parser.ts': edited(calc.files['src/parser.ts'], "['*', '/']]", "['*', '/'], ['^']]"),
      'src/evaluate.ts': edited(
        calc.files['src/evaluate.ts'],
        "  '/':",
        "  '^': (left, right) => left ** right,\n  '/':",
      ),
      'test/power.test.ts':
        "import { expect, test } from 'vitest';\nimport { evaluate } from '../src/evaluate';\n\ntest('binds tightest', () => expect(evaluate('2 * 3 ^ 2')).toBe(18));\n",
    },
  },
  {
    id: 'calc-lexer-generator',
    kind: 'an iterator in place of a list, tests as they were',
    shape: calc,
    slice: {
      'src/lexer.ts': `export type Token = { kind: 'number'; value: number } | { kind: 'sign'; text: string };

function* tokens(source: string): Generator<Token> {
  for (const [text] of source.matchAll(/\\d+(?:\\.\\d+)?|[-+*/()]/g))
    yield /\\d/.test(text) ? { kind: 'number', value: Number(text) } : { kind: 'sign', text };
}

export const lex = (source: string): Token[] => [...tokens(source)];
`,
    },
  },
  {
    id: 'calc-error',
    kind: 'a bug fix with a test that was red',
    shape: calc,
    slice: {
      'src/parser.ts': edited(
        calc.files['src/parser.ts'],
        '  tokens.shift();\n  return node;\n}\n',
        "  const close = tokens.shift();\n  if (close?.kind !== 'sign' || close.text !== ')') throw new SyntaxError('`)` is missing');\n  return node;\n}\n",
      ),
      'test/evaluate.test.ts': `${calc.files['test/evaluate.test.ts']}test('wants what was opened closed', () => expect(() => evaluate('(1 + 2')).toThrow('missing'));\n`,
    },
  },
];

export const mochaHonest: readonly Honest[] = [
  {
    id: 'cli-flag',
    kind: 'a flag of a tool, with its tests',
    shape: cli,
    slice: {
      'lib/run.cjs': edited(
        edited(cli.files['lib/run.cjs'], '{ names, loud }', "{ names, loud, to = 'world' }"),
        'for (const name of names)',
        'for (const name of names.length > 0 ? names : [to])',
      ),
      'test/run.spec.cjs': edited(
        cli.files['test/run.spec.cjs'],
        "  it('greets'",
        "  it('greets the world where nobody is named', () => {\n    const lines = [];\n    run([], (line) => lines.push(line));\n    assert.deepEqual(lines, ['hello world']);\n  });\n  it('greets'",
      ),
    },
  },
  {
    id: 'cli-refactor',
    kind: 'a refactoring under thin tests',
    shape: cli,
    slice: {
      'lib/greeting.cjs':
        "exports.greeting = (name, loud) => (loud ? 'HELLO ' + name.toUpperCase() : 'hello ' + name);\n",
      'lib/run.cjs':
        "const { parseArgs } = require('./args.cjs');\nconst { greeting } = require('./greeting.cjs');\n\nexports.run = (words, print) => {\n  const { names, loud } = parseArgs(words);\n  for (const name of names) print(greeting(name, loud));\n};\n",
    },
  },
];

export const otherHonest: readonly Honest[] = [
  {
    id: 'rust-scale',
    kind: 'Rust',
    shape: rust,
    slice: {
      'src/range.rs': `${rust.files['src/range.rs']}\npub fn scale(value: i32, by: i32) -> i32 {\n    value * by\n}\n`,
      'src/lib.rs': edited(
        rust.files['src/lib.rs'],
        '    #[test]',
        '    #[test]\n    fn scales() {\n        assert_eq!(crate::range::scale(2, 3), 6);\n    }\n\n    #[test]',
      ),
    },
    deliverables: ['src/range.rs'],
  },
  {
    id: 'python-median',
    kind: 'Python',
    shape: python,
    slice: {
      'mean/median.py':
        'def median(values):\n    ordered = sorted(values)\n    return ordered[len(ordered) // 2]\n',
      'mean/__init__.py': 'from .mean import mean\nfrom .median import median\n',
      'tests/test_median.py':
        'from mean import median\n\n\ndef test_median():\n    assert median([3, 1, 2]) == 2\n',
    },
  },
  {
    id: 'python-fix',
    kind: 'a bug fix in Python',
    shape: python,
    slice: {
      'mean/mean.py':
        'def mean(values):\n    if not values:\n        raise ValueError("no values")\n    return sum(values) / len(values)\n',
    },
  },
  {
    id: 'docs-page',
    kind: 'a new page',
    shape: docs,
    slice: {
      'docs/faq.md': '# Questions\n\nBack to the [start](index.md).\n',
      'docs/index.md': '# Start\n\nSee [setup](setup.md) and [questions](faq.md).\n',
    },
  },
  {
    id: 'docs-no-commands',
    kind: 'documentation without proof commands',
    shape: docs,
    slice: { 'docs/setup.md': '# Setup\n\nInstall it, then restart.\n' },
    commands: [],
    strength: ['level: exit', 'reason: documentation only'],
  },
  {
    id: 'docs-workflow',
    kind: 'configuration of CI',
    shape: docs,
    slice: {
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  docs:\n    runs-on: ubuntu-latest\n    steps:\n      - run: node tools/links.mjs\n',
    },
  },
  {
    id: 'docs-migration',
    kind: 'a migration of a database',
    shape: docs,
    slice: {
      'db/0002-users.sql': 'ALTER TABLE users ADD COLUMN mail TEXT;\n',
      'db/schema.json': json({ version: 2 }),
    },
  },
  {
    id: 'docs-style',
    kind: 'a style sheet',
    shape: docs,
    slice: { 'assets/site.css': 'body {\n  margin: 0 auto;\n}\n' },
  },
];
