import {
  configKeys,
  describeDefault,
  describeKey,
  isGroup,
  type ConfigFields,
  type ConfigKind,
  type ConfigObject,
  type ScalarKind,
} from '@nx-wave/schemas';
import { page, table } from './render-page';

const scalars: Record<ScalarKind, string> = {
  text: 'text',
  id: 'id',
  path: 'workspace-relative path',
  variable: '`NAME` or `NAME=value`',
  boolean: '`true` or `false`',
  whole: 'whole number from 0 on',
  count: 'whole number from 1 on',
  amount: 'number greater than 0',
  'amount-or-none': 'number from 0 on',
  any: 'anything',
};

function kindWords(kind: ConfigKind): string {
  if (typeof kind === 'string') return scalars[kind];
  if ('words' in kind) return kind.words.map((word) => `\`${word}\``).join(', ');
  if ('list' in kind) return `list of ${kindWords(kind.list)}`;
  if ('orNull' in kind) return `${kindWords(kind.orNull)} or \`null\``;
  return 'byName' in kind ? `${kindWords(kind.byName)} by name` : 'object';
}

/** Rows of an object; `lanes` and `projects` hold the keys of the root and are not written out again. */
function rowsOf({ fields, sections }: ConfigObject, at: string): string[][] {
  const rows = Object.entries(fields).flatMap(([name, key]) => {
    const path = `${at}${name}`;
    if (isGroup(key)) return rowsOf(key, `${path}.`);
    const { kind } = key;
    if (typeof kind === 'object' && 'byName' in kind && !kind.asPath && typeof kind.byName === 'object')
      if ('fields' in kind.byName) return rowsOf(kind.byName, `${path}.<name>.`);
    const isRead = key.ignored === undefined;
    return [[`\`${path}\``, kindWords(kind), isRead ? describeDefault(key) : '', describeKey(key)]];
  });
  return sections === undefined ? rows : [...rows, ...rowsOf({ fields: sections }, `${at}<executor>.`)];
}

/** Every key of `wave.config.json`. */
export function configPage(keys: ConfigFields = configKeys): string {
  return page(
    'wave.config.json',
    'All keys are optional, and so is the file. Keys below `lanes.<lane>` and `projects.<id>` are the same ones; the inner value wins: root < project < lane. Keys that nothing reads are one warning; a value of another type is a failure with its place. `<docsDir>` is the docs folder of the lane, `<rolePromptDir>` its folder of role prompts.',
    'The keys below `<executor>` are those that every agent program has; [those of its own](wave-file.md#executor-keys) stand beside them, and in a profile under the id of the program. There, a value of another type is left out.',
    table(['Key', 'Value', 'Default', 'Meaning'], rowsOf({ fields: keys }, '')),
  );
}
