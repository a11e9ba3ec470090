import { join } from 'node:path';
import { buildDoors } from './build-doors.mjs';

/**
 * Negative controls: a guard is taken out of the bundled code (never of the product), and the fault that it is for has to
 * make the trial red. `effect` finds the number of that fault among the effects of the scenario.
 */
const controls = [
  {
    title: 'no flush of the name of collected work',
    weakening: { file: 'edges/files/copy-folder.ts', from: 'if (flushed) await flush(dirname(to));', to: '' },
    scenario: 'launch',
    fault: { kind: 'lost-before' },
    effect: (effects) => Math.floor(effects.length * 0.9),
    expected: 'paid twice',
  },
  {
    title: 'no look at who holds a lease',
    weakening: {
      file: 'edges/lease/lease.ts',
      from: "const free = value === null || value.released || livenessOf(value.owner, owner) === 'dead';",
      to: 'const free = true;',
    },
    scenario: 'launch',
    fault: { kind: 'stop' },
    besides: true,
    effect: (effects) => effects.findIndex(({ label }) => label.endsWith('attempts/wave-1/A1')) + 1,
    expected: 'paid twice',
  },
  {
    title: 'no digest of the files of a proof',
    weakening: {
      file: 'edges/store/bundle.ts',
      from: 'if (digest !== (await hashFile(file.absolute)))',
      to: 'if (digest === null)',
    },
    scenario: 'adopt',
    fault: { kind: 'kill-before', damage: 0 },
    effect: () => 1,
    expected: 'torn',
  },
];

/** Runs the controls on a bench, their code below `folder`; answers `{ title, red, problems }` of each. */
export async function runControls(folder, bench) {
  const results = [];
  for (const [number, control] of controls.entries()) {
    const { title, weakening, scenario, fault, besides, effect, expected } = control;
    const weakened = await buildDoors(join(folder, `control-${number}`), weakening);
    const { effects } = await bench.reference(scenario);
    const given = { scenario, besides, fault: { ...fault, at: effect(effects) } };
    const { problems } = await bench.trialOf(weakened, given);
    const kinds = (problems ?? []).map(({ kind }) => kind);
    // Code that fails for being cut is no control.
    results.push({ title, red: kinds.includes(expected) && !kinds.includes('defect'), problems });
  }
  return results;
}
