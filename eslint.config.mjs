import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Layers of the one import rule: schemas <- core <- roles, gates, adapters, proof <- engine <- executors, generators, index. */
const pureFolders = ['core', 'roles', 'gates', 'adapters', 'proof'].map(
  (folder) => `packages/wave-plugin/src/${folder}/**/*.ts`,
);
const effects = [
  { name: 'fs', message: 'Pure code reads no file: take the content as an argument.' },
  { name: 'child_process', message: 'Pure code starts no process: return a launch spec.' },
  { name: 'execa', message: 'Pure code starts no process: return a launch spec.' },
  { name: '@nx/devkit', message: 'Nx is met in executors, generators and index only.' },
];
const outerLayers = ['**/engine/**', '**/edges/**', '**/executors/**', '**/generators/**', '**/testing/**'];

/** The namespace is taken apart by the bundler; the object `z` would bring every language of zod into each bundle. */
const zodAsNamespace = {
  selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier[imported.name='z']",
  message: "Write: import * as z from 'zod'.",
};

/** What pure code would take from its surroundings. */
const ambient = [
  zodAsNamespace,
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Time is an argument.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument.' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Randomness is an argument.',
  },
  { selector: "Identifier[name='process']", message: 'The environment is an argument.' },
];
/** Only the files of an executor know its name: a new one is one adapter and one line in the registry. */
const executorNames = [
  'Literal[value=/^(codex|claude|opencode)$/]',
  'TemplateElement[value.raw=/^(codex|claude|opencode)$/]',
].map((selector) => ({
  selector,
  message: 'Ask the adapter: only its own files know the name of an executor.',
}));

const source = 'packages/wave-plugin/src';
const textOf = (path) => readFileSync(join(import.meta.dirname, path), 'utf8');
const namedIn = (folder, ending) =>
  readdirSync(join(import.meta.dirname, source, folder)).flatMap((file) =>
    file.endsWith(ending) ? [file.slice(0, -ending.length)] : [],
  );
const stageList = /export const stages = \[([^\]]*)\]/.exec(
  textOf('packages/wave-schemas/src/vocabulary.ts'),
);
/** Roles and gates by their files, stages by the vocabulary: a new one is under the rule as soon as it is there. */
const decidedNames = [
  ...new Set([
    ...namedIn('roles', '.role.ts'),
    ...namedIn('gates', '.gate.ts'),
    ...(stageList?.[1] ?? '').match(/[a-z-]+/g),
  ]),
].sort();

/**
 * Only its own file decides by the name of a role, a stage or a gate; others ask for a property: of the role its traits, of
 * the stage its rule in `core/stages.ts`. Names as data (the stages a gate speaks in, a payload's section) are no decision.
 * Not under the rule: wave-schemas, whose envelopes are unions by role and whose upcasts read an older language, and
 * `core/legacy`, which reads the markers of one.
 */
const nameDecisions = (names) => {
  const name = `/^(${names.join('|')})$/`;
  const texts = [`Literal[value=${name}]`, `TemplateLiteral > TemplateElement[value.raw=${name}]`];
  const asks = [
    'BinaryExpression[operator=/^[!=]==?$/] >',
    'SwitchCase >',
    'CallExpression[callee.property.name=/^(includes|indexOf|has)$/] >',
    'CallExpression[callee.property.name=/^(includes|indexOf)$/] > MemberExpression ArrayExpression >',
    "NewExpression[callee.name='Set'] ArrayExpression >",
  ];
  return asks.flatMap((ask) =>
    texts.map((text) => ({
      selector: `${ask} ${text}`,
      message:
        'Ask for a property: only its own file decides by the name of a role, stage or gate (core/stages.ts, traits of a role).',
    })),
  );
};
const others = nameDecisions(decidedNames);
const ownFiles = decidedNames.flatMap((name) =>
  [`roles/${name}.role.ts`, `gates/${name}.gate.ts`].map((file) => ({
    files: [`${source}/${file}`],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...ambient,
        ...executorNames,
        ...nameDecisions(decidedNames.filter((other) => other !== name)),
      ],
    },
  })),
);

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/dist/**', '**/coverage/**', '.tmp/**', '.nx/**', '**/*.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        __dirname: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        AbortController: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.ts'],
    rules: {
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  {
    // One limit for all tests, in jest.config.cjs: it ends what hangs, and is no measure of speed.
    files: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression[callee.object.name='jest'][callee.property.name='setTimeout'] > Literal[value<300000]",
          message: 'A loaded machine is no fault: leave the limit of jest.config.cjs.',
        },
      ],
    },
  },
  {
    files: ['executors', 'generators'].map((folder) => `packages/wave-plugin/src/${folder}/*/*.ts`),
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['packages/wave-schemas/src/**/*.ts', ...pureFolders],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: effects,
          patterns: [
            { group: ['node:*', '!node:crypto'], message: 'Pure code touches no file, process or clock.' },
            { group: outerLayers, message: 'Imports point inwards only.' },
          ],
        },
      ],
      'no-restricted-syntax': ['error', ...ambient],
    },
  },
  {
    files: ['packages/wave-plugin/src/core/retry/**/*.ts', 'packages/wave-plugin/src/gates/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: effects,
          patterns: [
            { group: ['node:*'], message: 'Pure code touches no file, process or clock.' },
            {
              group: [...outerLayers, '**/core/legacy/**', '**/legacy/**'],
              message: 'Decisions never read legacy signals.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['core', 'roles', 'gates'].map((folder) => `packages/wave-plugin/src/${folder}/**/*.ts`),
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ambient, ...executorNames, ...others] },
  },
  ...ownFiles,
  {
    files: [`${source}/core/legacy/**/*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ambient, ...executorNames] },
  },
  {
    files: [`${source}/adapters/**/*.*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ambient, ...others] },
  },
  {
    // What adapters share knows none of them; the files of one carry its name in front.
    files: ['packages/wave-plugin/src/adapters/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ambient, ...executorNames, ...others] },
  },
  {
    files: ['engine', 'executors', 'generators', 'edges'].map(
      (folder) => `packages/wave-plugin/src/${folder}/**/*.ts`,
    ),
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', zodAsNamespace, ...executorNames, ...others] },
  },
  {
    // Readable functions: what travels together is one thing. A longer one says why in its docstring and here.
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: {
      'max-params': ['error', 3],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    // One closure over what is known of a claim that is held, and of its entry.
    files: ['packages/wave-plugin/src/engine/claims/{held-claim,open-admission}.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // One closure over what a stream has said so far.
    files: ['packages/wave-plugin/src/adapters/{claude,codex,opencode}.reader.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
);
