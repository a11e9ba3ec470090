import { createBenchWorkspace } from './bench-workspace.mjs';
import { exitConfig, wavePath, writeWaveAndPlainProject } from './bench-wave.mjs';
import { costOf, inTurn, report } from './report.mjs';

/**
 * What the runner costs while agents work: `node tools/bench/live-wave.mjs [agents] [rounds] [exit | defaults]`, 4 (three of them
 * stewards), 3 and `exit` where absent. A launch with one proof command for each agent that builds,
 * against the same task graph for an executor that does nothing but start the same agent and proof programs. `exit`: a green proof
 * command is all that is asked, and no cage stands around a program; `defaults`: what a workspace gets that configures nothing,
 * the strength of the proof measured and a cage around every program. Nothing is reused: every round has a wave file and
 * outputs of its own.
 */
const agents = Number(process.argv[2] ?? 4);
const rounds = Number(process.argv[3] ?? 3);
const kind = process.argv[4] ?? 'exit';
/** What a budget is set for: one agent that builds, and more of them beside each other, by what is measured. */
const kinds = {
  exit: {
    about: 'level exit without a cage',
    config: exitConfig,
    budget: { one: 1.5, more: 1.6 },
  },
  defaults: {
    about: 'level checked in cages',
    // A cage that cannot be had fails the row.
    config: {
      version: 1,
      executors: { default: 'local', local: { isolation: 'required' } },
      proof: { isolation: 'required' },
    },
    budget: { one: 2.2, more: 2.2 },
  },
};
const { about, config, budget: budgets } = kinds[kind];
const budget = agents === 4 ? budgets.one : budgets.more;
const bench = createBenchWorkspace();
try {
  bench.json('wave.config.json', config);
  writeWaveAndPlainProject(bench, { agents, proof: true, plain: 'empty' });
  const text = bench.read(wavePath);
  bench.commit();
  let round = 0;
  const taken = inTurn(rounds, {
    ours: () => {
      // Another prompt: no store and no cache has an answer.
      bench.write(wavePath, text.replaceAll('Write it.', `Write it, round ${(round += 1)}.`));
      return costOf(() => bench.run('wave-1:launch', { says: 'outcome: closed' }));
    },
    floor: () => costOf(() => bench.run('plain:launch')),
  });
  const name = `live wave of ${agents} agents, ${about}`;
  report(`${name}, no daemon, against empty executors that start the same programs`, [
    { name: `${name}, wall`, unit: 'ms', budget, ...taken.wall },
    { name: `${name}, CPU`, unit: 'ms', budget, ...taken.cpu },
  ]);
} finally {
  bench.remove();
}
