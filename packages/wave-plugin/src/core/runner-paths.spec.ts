import type { ResolvedWave } from './model';
import { waveIdentity } from './resolve/identity';
import { checkOwnership } from './verify/check-ownership';
import { grantablePaths } from './verify/grantable-paths';
import { crossRules } from './resolve/cross-rules';
import { createLocator } from './resolve/locate';
import { buildAgent, buildWave } from '../testing/resolved';
import { isGitFolder, isLedgerPath, isRunnerPath } from './runner-paths';

const identity = waveIdentity('docs/plans/waves/wave-3.md', {
  lanes: { beta: {} },
  projects: { shop: {}, blog: { paths: { stateRoot: 'var/Waves' } } },
});
if (identity === null) throw new Error('no wave file');

/** A file, and whether it is the runner's. */
const files: [string, boolean][] = [
  ['docs/plans/waves/wave-3.ledger/01J.json', true],
  ['docs/plans/waves/wave-8.ledger/01J.json', true],
  ['docs/plans/waves/wave-12.ledger/01J.json', true],
  ['docs/wave-123456789012345.ledger/01J.json', true],
  ['apps/shop/docs/plans/waves/wave-1/wave-1.ledger/01J.json', true],
  ['docs/plans/waves/wave-3.md', false],
  ['docs/wave-x.ledger/notes.md', false],
  ['.nx-wave/envelope.json', true],
  ['.NX-Wave/envelope.json', true],
  ['libs/a/.nx-wave/x', false],
  ['wave.allowed_signers', true],
  ['Wave.Allowed_Signers', true],
  ['wave.allowed_signers/x', true],
  // As HFS+, NTFS and Windows take names.
  ['wave.allowed\u200c_signers', true],
  ['.nx\u200d-wave/x', true],
  ['.nx-wave:stream', true],
  ['docs/wave-3\ufeff.ledger/a.json', true],
  ['docs/wave-3.ledger. ./a.json', true],
  ['.TMP./main-wave-launcher\u202e/results/x', true],
  ['.tmp/main-wave-launcher/results::$DATA', true],
  ['wave.allowed_signers.txt', false],
  ['libs/a/wave.allowed_signers', false],
  ['.git/config', true],
  ['libs/a/.GIT/hooks/pre-commit', true],
  ['libs/a/git~1/config', true],
  ['libs/a/.github/x.yml', false],
  ['libs/a/x.git/config', false],
  ['libs/a/git~12/config', false],
  ['.tmp/main-wave-launcher/handoff/wave-3/A1.json', true],
  ['.tmp/main-wave-launcher/results/wave-3/attempt-1/A1.json', true],
  ['.tmp/main-wave-launcher/gates/wave-3/design.json', true],
  ['.tmp/main-wave-launcher/closure/wave-3.json', true],
  ['.tmp/main-wave-launcher/control-plane/wave-3.jsonl', true],
  ['.tmp/main-wave-launcher/status/wave-3.json', true],
  ['.tmp/main-wave-launcher/retry/wave-3.json', true],
  ['.tmp/main-wave-launcher/reports/wave-3/report.md', true],
  ['.tmp/main-wave-launcher/integration/wave-3.md', false],
  ['.tmp/beta-wave-launcher/gates/wave-3/design.json', true],
  ['.tmp/projects/shop/main-wave-launcher/closure/wave-1.json', true],
  ['var/waves/projects/blog/main-wave-launcher/gates/wave-1/design.json', true],
  ['var/waves/projects/blog/notes.md', false],
  // A file or a link in the place of a folder that holds the runner's would lead it to another place.
  ['var', true],
  ['Var/waves', true],
  ['var/waves/projects', true],
  ['var/waves/projects/blog', true],
  ['.tmp', true],
  ['.tmp/main-wave-launcher', true],
  ['.tmp/main-wave-launcher/Results', true],
  ['.tmp/main-wave-launcher/results.md', false],
  ['.tmp/main-wave-launcher-2/results/x', false],
  ['.tmp/projects/shop/notes/main-wave-launcher/results/x', false],
  ['variant', false],
  ['var/wavesX/projects', false],
  ['libs/main-wave-launcher/results/x.ts', false],
  ['.tmp/proof/a.json', false],
  ['src/results/a.ts', false],
];

/** Folders, which an owner or a grant may name. */
const folders: [string, boolean][] = [
  ['.tmp/', true],
  ['.tmp/projects/', true],
  ['.tmp/projects/shop/', true],
  ['var/', true],
  ['.tmp/main-wave-launcher/', true],
  ['.tmp/main-wave-launcher/results/', true],
  ['.tmp/main-wave-launcher/integration/', false],
  ['.tmp/proof/', false],
  ['.tmp/projects/shop/notes/', false],
  ['var/other/', false],
  ['docs/plans/waves/wave-3.ledger/', true],
  ['docs/wave-1234567890123456.ledger/', false],
  ['docs/old-wave-3.ledger/', false],
  ['docs/wave-3.ledger.old/', false],
  ['docs/', false],
];

it.each([...files, ...folders])("%s is the runner's: %s", (path, reserved) => {
  expect(isRunnerPath(path, identity)).toBe(reserved);
});

it.each([...files, ...folders])('a wave file may not give %s to an agent: %s', (path, reserved) => {
  const spec = { agentId: 'A1', line: 1, ownedPaths: [path], dependsOn: [], components: [] };
  const definition = { agents: [spec], promotions: [], dependsOn: [] } as never;
  const locator = createLocator(identity.path, identity.project);
  const found = crossRules.flatMap((rule) =>
    rule({ definition, units: [], identity, locator, ownershipOverlap: 'error' }),
  );
  expect(found.map(({ code }) => code)).toEqual(reserved ? ['path-reserved'] : []);
});

it.each([...files, ...folders])('nobody can be granted %s: %s', (path, reserved) => {
  const granted = grantablePaths(`src/a.ts, ${path}`, identity);
  expect(granted.ok).toBe(!reserved);
  if (granted.ok) expect(granted.value).toEqual(['src/a.ts', path]);
});

it.each(files)(
  'an owner of everything may not change %s, and no message offers to grant it: %s',
  (path, reserved) => {
    const agent = buildAgent({ ownedPaths: [] });
    const wave: ResolvedWave = { ...buildWave([agent]), identity };
    const evidence = { agent, wave, changes: [{ path, before: null, after: null }] } as never;
    const [own] = checkOwnership({ ...(evidence as object), artifacts: [], amendments: [path] } as never);
    expect(own?.code).toBe(reserved ? 'ownership-violation' : undefined);
    const [stray] = checkOwnership({ ...(evidence as object), artifacts: [], amendments: [] } as never);
    expect(stray?.next?.includes('--amend')).toBe(!reserved);
  },
);

it.each(['', ' , '])('a grant of %j grants nothing', (given) => {
  expect(grantablePaths(given, identity)).toMatchObject({ ok: false, error: { code: 'option-invalid' } });
});

it.each([
  ['/etc/passwd', 'path-outside'],
  ['src/../../x', 'path-outside'],
  ['~/x', 'path-outside'],
  ['.git/config', 'path-git'],
  ['src\\a.ts', 'path-malformed'],
])('a grant of %s is refused: %s', (given, code) => {
  expect(grantablePaths([given], identity)).toMatchObject({ ok: false, error: { code } });
});

it.each<[string, boolean]>([
  ['.git', true],
  ['.GIT', true],
  ['git~1', true],
  ['.git. .', true],
  ['. .', false],
  ['', false],
  [`.git${' '.repeat(100)}`, true],
  [`.git${'.'.repeat(100)}`, true],
  ['.git::$INDEX_ALLOCATION', true],
  ['.git . :x', true],
  ['.g\u200cit', true],
  ['\ufeff.git\u202e', true],
  ['.gitx', false],
  ['x.git', false],
  ['.gi t', false],
  ['git', false],
  ['git~', false],
  ['git~12', false],
  ['.git-x:', false],
  ['xgit~1', false],
])('a name that some file system takes for `.git`: %j %s', (segment, isGit) => {
  expect(isGitFolder(segment)).toBe(isGit);
});

it.each<[string, boolean]>([
  ['docs/plans/waves/wave-3.ledger', true],
  ['wave-3.ledger/01J.json', true],
  ['./wave-3.ledger//01J.json', true],
  ['docs/wave-.ledger/x', false],
  ['docs/ledger/x', false],
])('the ledger of a wave lies in any folder: %s %s', (path, isLedger) => {
  expect(isLedgerPath(path)).toBe(isLedger);
});

it('a workspace that is its own state root keeps a folder called projects', () => {
  const places = { stateRoots: ['.'] };
  expect(isRunnerPath('projects/', places)).toBe(false);
  expect(isRunnerPath('projects', places)).toBe(false);
  expect(isRunnerPath('projects/shop/', places)).toBe(false);
  expect(isRunnerPath('./', places)).toBe(false);
  expect(isRunnerPath('main-wave-launcher/', places)).toBe(true);
  expect(isRunnerPath('main-wave-launcher/integration/x', places)).toBe(false);
  expect(isRunnerPath('main-wave-launcher/results/x', places)).toBe(true);
  expect(isRunnerPath('projects/shop/main-wave-launcher/results/x', places)).toBe(true);
});
