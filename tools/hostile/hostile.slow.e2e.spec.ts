/** A few of the attacks of tools/hostile, with their control; `npm run test:hostile` runs all of them. */
import { machineHasCage } from '../../packages/wave-plugin/src/testing/cage-rig';
import { hostileAgents } from './agents';
import { type Attack } from './attack';
import { openDecoys, type Decoys } from './decoys';
import { hostileProofs } from './proofs';
import { runBare, runLaunched, type Ended } from './run-attack';
import { isSilent, missedGoals, type Row } from './table';

let decoys: Decoys;
beforeAll(async () => {
  decoys = await openDecoys();
});
afterAll(async () => {
  await decoys[Symbol.asyncDispose]();
});

const attackOf = (id: string): Attack => {
  const found = [...hostileAgents, ...hostileProofs].find((one) => one.id === id);
  if (found === undefined) throw new Error(`no attack ${id}`);
  return found;
};

describe(`attacks on a machine with a cage: ${machineHasCage}`, () => {
  it.each<[string, Row['by'], Ended['said']]>([
    ['hook', 'agent', 'refused'],
    ['tree-proof-new', 'agent', 'refused'],
    ['tree-delete', 'agent', 'named'],
    ['read-environment', 'agent', 'foretold'],
    ['call-home-socket', 'agent', 'foretold'],
    ['proof-hook', 'proof', 'refused'],
    ['proof-npmrc', 'proof', 'named'],
    ['proof-survive', 'proof', 'foretold'],
  ])(
    '%s succeeds where nothing holds it, is not silent without a cage, and is held in one',
    async (id, by, said) => {
      const run = { attack: attackOf(id), by, decoys };
      expect(await runBare(run)).toBe(true);
      const open = await runLaunched(run, { caged: false });
      // Nobody promises that what survives is found without a cage, nor that it is not.
      if (id !== 'proof-survive') expect(open).toMatchObject({ succeeded: true, said });
      if (machineHasCage) expect(await runLaunched(run, { caged: true })).toMatchObject({ succeeded: false });
    },
  );
});

describe('the goals of the suite', () => {
  const ended = (succeeded: boolean, said: Ended['said']): Ended => ({
    succeeded,
    said,
    codes: [],
    lines: [],
  });
  const row = (more: Partial<Row> = {}): Row => ({
    attack: attackOf('hook'),
    by: 'agent',
    control: true,
    open: ended(true, 'refused'),
    caged: ended(false, 'nothing'),
    ...more,
  });

  it('are met where all is held or said, by a machine without a cage too', () => {
    expect(missedGoals([row(), row({ caged: null })])).toEqual([]);
  });

  it.each<[string, Row, string]>([
    ['let in with a cage', row({ caged: ended(true, 'named') }), 'let in with a cage: hook'],
    ['silent', row({ open: ended(true, 'nothing') }), 'silent without a cage: hook'],
    [
      'only foretold, though a file has changed',
      row({ open: ended(true, 'foretold') }),
      'silent without a cage: hook',
    ],
    ['harmless in itself', row({ control: false }), 'only 0 of 1 succeed'],
  ])('are missed by an attack that is %s', (_what, one, goal) => {
    expect(missedGoals([one]).join()).toContain(goal);
  });

  it('ask for no more of a read than that it was told before', () => {
    expect(isSilent(row({ attack: attackOf('read-key'), open: ended(true, 'foretold') }))).toBe(false);
  });

  it('are asked of at least thirty agents and twenty commands, each with a name of its own', () => {
    expect(hostileAgents.length).toBeGreaterThanOrEqual(30);
    expect(hostileProofs.length).toBeGreaterThanOrEqual(20);
    const ids = [...hostileAgents, ...hostileProofs].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
