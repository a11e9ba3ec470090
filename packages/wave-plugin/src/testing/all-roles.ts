import type { RigAgent } from './rig-wave';

const section = (title: string, lines: readonly string[]) =>
  [`### ${title}`, '', ...lines.map((line) => `- ${line}`), ''].join('\n');
const contract = section('Exit contract', [
  'completion: contract',
  'durability: none',
  'proof: unit',
  'doc-impact: none',
]);
const claims = `{ docDelta: { state: 'owned', paths: [], detail: null }, components: [{ componentId: 'order-intake', level: 'baseline-proved', state: 'met', detail: null }] }`;

/** What stands above the agents of a wave that has every role. */
export const allRolesHeader = [
  '## Component promotions',
  '',
  '- order-intake: baseline-proved',
  '',
  '## Eval targets',
  '',
  '- id: latency | selection: delegated | benchmark-family: speed | objective: Stay fast | threshold: 40 ms',
  '',
  '## Deploy environments',
  '',
  '- `staging`: `container` default',
].join('\n');

/** The documents that its gates judge by, as they are before the wave. */
export const allRolesFiles: Record<string, string> = {
  'docs/plans/component-cutover-matrix.json': JSON.stringify({
    version: 1,
    levels: ['inventoried', 'repo-landed', 'baseline-proved'],
    components: {
      'order-intake': { currentLevel: 'repo-landed', promotions: [{ wave: 1, target: 'baseline-proved' }] },
    },
  }),
  'docs/evals/benchmark-catalog.json': JSON.stringify({
    version: 1,
    families: {
      speed: {
        title: 'Speed',
        category: 'performance',
        primaryMetric: { id: 'p99-ms', direction: 'lower-is-better' },
        benchmarks: { p99: { title: 'Slowest of a hundred' } },
      },
    },
  }),
};

/**
 * One agent of every role: a designer who only designs and one who also implements, implementation, infra, deploy,
 * research, an evaluator who only reports, security, integration, documentation and cont-QA. The documentation steward
 * brings the component matrix up to what the wave has proven.
 */
export const allRoles: RigAgent[] = [
  { id: 'D1', owns: ['docs/design/orders.md'], sections: section('Capabilities', ['design']) },
  {
    id: 'D2',
    owns: ['docs/design/stock.md', 'src/stock.txt'],
    sections: section('Capabilities', ['design']) + contract,
    does: "if (env.WAVE_ROLE === 'design') write('docs/design/stock.md', 'decided'); else write('src/stock.txt', read('docs/design/stock.md'));",
  },
  {
    id: 'A1',
    sections: section('Components', ['order-intake']) + contract,
    proofCommands: ['node -e 0'],
    does: `write('src/A1.txt', read('docs/design/orders.md')); envelope({ implementation: ${claims} });`,
  },
  { id: 'I1', sections: section('Capabilities', ['infra-accounts']) + contract },
  { id: 'P1', sections: section('Capabilities', ['deploy']) + contract },
  {
    id: 'R1',
    owns: ['docs/research/tariffs.md'],
    sections: section('Capabilities', ['research']) + contract,
  },
  { id: 'E0', owns: ['docs/evals/wave-eval.md'] },
  {
    id: 'A7',
    owns: ['docs/security/wave-security.md'],
    sections: section('Capabilities', ['security-review']),
  },
  { id: 'A8', owns: ['docs/plans/integration.md'] },
  {
    id: 'A9',
    owns: ['docs/plans/current-state.md', 'docs/plans/component-cutover-matrix.json'],
    does: [
      "const path = 'docs/plans/component-cutover-matrix.json';",
      'const matrix = JSON.parse(read(path));',
      "matrix.components['order-intake'].currentLevel = 'baseline-proved';",
      'write(path, JSON.stringify(matrix));',
      "write('docs/plans/current-state.md', 'Orders are taken in.');",
    ].join('\n'),
  },
  { id: 'A0', owns: ['docs/reviews/wave-cont-qa.md'] },
];
