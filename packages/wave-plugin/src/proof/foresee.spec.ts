import { type ResolvedAgent } from '../core/model';
import { buildAgent, buildStrength } from '../testing/resolved';
import { type ProofTree } from './contracts';
import { foreseeUnmeasured, whyUnmeasured } from './foresee';

const scripts = { test: 'node --test', lint: 'eslint .' };
const tree: ProofTree = {
  read: async (path) => (path === 'package.json' ? JSON.stringify({ scripts }) : null),
  target: async (project) =>
    project === 'lib' ? { projectRoot: 'lib', executor: '@acme/tools:check', options: {} } : null,
};
const foreseen = (agent: Partial<ResolvedAgent>) => foreseeUnmeasured(buildAgent(agent), tree);
const asked = (level: 'exit' | 'counted' | 'checked' | 'strict') => ({
  proofStrength: buildStrength({ level }),
});
const tests = { proofCommands: ['npm test'] };

describe('whether a proof will be measured', () => {
  it.each<[string, Partial<ResolvedAgent>, string | null]>([
    ['with a runner behind a script', tests, null],
    ['with a runner among others', { proofCommands: ['npm run lint', 'npm test'] }, null],
    ['without commands', { proofCommands: [] }, whyUnmeasured.noCommands],
    ['without a known runner', { proofCommands: ['npm run lint'] }, whyUnmeasured.noRunner],
    [
      'by an executor that nobody knows',
      { proofCommands: ['nx test lib'] },
      `${whyUnmeasured.noRunner}; \`nx test lib\` runs the executor @acme/tools:check`,
    ],
    ['by a line that cannot be read', { proofCommands: ['npm test "'] }, whyUnmeasured.noRunner],
    ['of documents alone', { ...tests, ownedPaths: ['docs/a.md'] }, whyUnmeasured.noSource],
    ['of a folder, which may hold anything', { ...tests, ownedPaths: ['docs/'] }, null],
    ['of documents and a source', { ...tests, ownedPaths: ['docs/a.md', 'src/a.ts'] }, null],
    [
      'of documents, where tests are only counted',
      { ...tests, ...asked('counted'), ownedPaths: ['a.md'] },
      null,
    ],
    [
      'of documents, where all is asked',
      { ...tests, ...asked('strict'), ownedPaths: ['a.md'] },
      whyUnmeasured.noSource,
    ],
    ['where nobody asks for it', { ...asked('exit'), proofCommands: [] }, null],
  ])('is foretold for one %s', async (_what, agent, why) => {
    expect(await foreseen(agent)).toBe(why);
  });
});
