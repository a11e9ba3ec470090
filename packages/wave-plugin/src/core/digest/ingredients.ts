import { digestOf } from '@nx-wave/schemas/plain';
import { acceptanceSlice, workSlice, type WorkKeyInput } from './keys';

/** Name of an ingredient -> digest. Names: `work.<part>`, `ledger`, `context:<path>`, `handoff:<unit>`, `upstream`, `acceptance.<part>`. */
export type Ingredients = Record<string, string>;

/** The parts of both keys, one digest each: what a later comparison tells people, never what a key is made from. */
export function keyIngredients(input: WorkKeyInput): Ingredients {
  const { agent, wave, ledger } = input;
  return {
    ...parts('work', workSlice(agent, wave)),
    ...parts('acceptance', acceptanceSlice(agent)),
    ledger: digestOf(ledger),
    ...Object.fromEntries(input.context.map(([path, content]) => [`context:${path}`, content])),
    ...Object.fromEntries(input.handoffs.map(([unitId, digest]) => [`handoff:${unitId}`, digest])),
    ...(input.upstream === null ? {} : { upstream: input.upstream }),
  };
}

function parts(group: string, slice: Record<string, unknown>): Ingredients {
  return Object.fromEntries(
    Object.entries(slice).map(([name, value]) => [`${group}.${name}`, digestOf(value)]),
  );
}

export interface IngredientChange {
  name: string;
  change: 'changed' | 'added' | 'removed';
}

/** What differs between two lists of ingredients, sorted by name. */
export function compareIngredients(before: Ingredients, after: Ingredients): IngredientChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name): IngredientChange[] => {
    if (!Object.hasOwn(before, name)) return [{ name, change: 'added' }];
    if (!Object.hasOwn(after, name)) return [{ name, change: 'removed' }];
    return before[name] === after[name] ? [] : [{ name, change: 'changed' }];
  });
}

const words: Readonly<Record<string, string>> = {
  'work.prompt': 'its prompt',
  'work.executor': 'its executor, model or their options',
  'work.ownedPaths': 'the paths that it owns',
  'work.deliverables': 'its deliverables',
  'work.rolePrompts': 'the list of its role prompts',
  'work.skills': 'the list of its skills',
  'work.contextPaths': 'the list of its context files',
  'work.components': 'its components',
  'work.dependsOn': 'what it depends on',
  'acceptance.proofCommands': 'its proof commands',
  'acceptance.mayWrite': 'what its proof commands may write',
  'acceptance.proofStrength': 'what its proof has to be worth',
  'acceptance.exitContract': 'its exit contract',
  'acceptance.components': 'the levels of its components',
  ledger: 'an answer, an amendment or a retry in the ledger',
  upstream: 'the verdict of the stage before it',
};

/** One change in words: `its prompt`, `docs/guide.md (added)`, `the result of A1`. */
export function describeIngredientChange({ name, change }: IngredientChange): string {
  const text =
    words[name] ??
    name
      .replace(/^context:/, '')
      .replace(/^handoff:/, 'the result of ')
      .replace(/^work\./, 'its ')
      .replace(/^acceptance\./, 'its accepted ');
  return change === 'changed' ? text : `${text} (${change})`;
}

/** The parts that only judge the slice: a change of them re-verifies and runs no agent. */
export function isAcceptance(name: string): boolean {
  return name.startsWith('acceptance.');
}

/** The ingredients that are known while the stage before has no verdict yet. */
export function knownIngredients(input: Omit<WorkKeyInput, 'upstream' | 'handoffs'>): Ingredients {
  return keyIngredients({ ...input, handoffs: [], upstream: null });
}

/** Everything but what waiting leaves open: a missing upstream is no change. */
export function comparableIngredients(before: Ingredients): Ingredients {
  return Object.fromEntries(
    Object.entries(before).filter(([name]) => name !== 'upstream' && !name.startsWith('handoff:')),
  );
}
