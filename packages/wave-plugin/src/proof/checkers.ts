import { type Invocation } from './contracts';

/** Programs that look at texts and types and never run them: an emptied function is no matter of theirs. */
const checkers = new Set([
  ...['eslint', 'oxlint', 'biome', 'prettier', 'dprint', 'stylelint', 'markdownlint', 'markdownlint-cli2'],
  ...['cspell', 'depcruise', 'knip', 'publint', 'attw'],
]);
const compilers = new Set(['tsc', 'vue-tsc', 'svelte-check']);

/** Whether all that a command starts are such programs. */
export function onlyLooks(programs: readonly Invocation[]): boolean {
  return (
    programs.length > 0 &&
    programs.every(({ words: [program = '', ...words] }) => {
      if (compilers.has(program)) return program === 'svelte-check' || words.includes('--noEmit');
      return checkers.has(program);
    })
  );
}
