import { type AgentSpec } from '@nx-wave/schemas';
import { type Failure, type FailureCode } from '@nx-wave/schemas/plain';
import { quote } from '../parse/diagnostics';
import { ownershipOf } from '../parse/paths';
import { type Blame } from '../resolve/locate';
import { type ValidationFacts, type ValidationRule } from './facts';
import { ignoredPromise, promisesOf, type Unreached } from './ground';
import { contentNeeds, describeNeed, describeOthers, namesPath, type ContentNeed } from './lfs-content';

/** What agents promise and own can become part of a slice. */
export const promisedFilesAreSeen: ValidationRule = ({ definition, ground, locator, resolved, wave }) =>
  definition.agents.flatMap((agent) => {
    const { ownedPaths } = resolved(agent);
    const promises = promisesOf(resolved(agent), wave.levels);
    const hiddenOf = (path: string) => ground?.ignored.get(path);
    const promised = promises.flatMap((promise) => {
      const hidden = hiddenOf(promise.path);
      const blame = { agent, section: promise.section, needle: promise.path };
      return hidden === undefined
        ? []
        : [locator.failure('deliverable-ignored', blame, ignoredPromise(promise, hidden, wave))];
    });
    const owned = ownedPaths.flatMap((path) => {
      const hidden = promises.some((one) => one.path === path) ? undefined : hiddenOf(path);
      if (hidden === undefined) return [];
      const message = `${quote(path)} is ignored by git: line ${hidden.line} of ${hidden.file}, ${quote(hidden.pattern)}. What agent ${quote(agent.agentId)} writes there becomes part of no slice.`;
      const next = 'Remove that line where the files should land.';
      return [
        locator.failure('owned-ignored', { agent, owned: path }, { message, next, severity: 'warning' }),
      ];
    });
    return [...promised, ...owned];
  });

/** `land --commit` refuses a wave that was closed on files that no commit holds: the person commits before they pay. */
export const ownedFilesAreCommitted: ValidationRule = (facts) =>
  warnOwners(facts, facts.ground?.uncommitted ?? [], (paths) => ({
    code: 'owned-uncommitted',
    message: `No commit holds your changes of ${paths}: agents build on them, and \`land --commit\` refuses such a wave.`,
    next: 'Commit these files before you launch.',
  }));

/** No record can hold a name that is not UTF-8, so no slice can change the file. */
export const ownedNamesAreText: ValidationRule = (facts) =>
  warnOwners(facts, facts.ground?.undecodable ?? [], (paths) => ({
    code: 'owned-name-not-utf8',
    message: `The name of ${paths} is not UTF-8: a slice that changes such a file is refused.`,
    next: 'Rename it with git mv, or tell the agent to leave it alone.',
  }));

/** Landing refuses a path whose filter git does not know. */
export const ownedFiltersAreKnown: ValidationRule = (facts) => {
  const unfiltered = facts.ground?.unfiltered ?? [];
  const advice = new Map(unfiltered.map((one) => [one.filter, one.advice]));
  return [...advice].flatMap(([filter, next]) => {
    const paths = unfiltered.filter((one) => one.filter === filter).map(({ path }) => path);
    return warnOwners(facts, paths, (shown) => ({
      code: 'filter-missing',
      message: `.gitattributes gives ${shown} the filter ${quote(filter)}, which git does not know here: a change of it cannot land.`,
      next: `${next[0]?.toUpperCase() ?? ''}${next.slice(1)}`,
    }));
  });
};

/** Nobody is paid to work, or judged, on a pointer; what no line of the wave names is advice. */
export const neededContentIsHere: ValidationRule = ({ definition, ground, locator, resolved, wave }) => {
  const missing = ground?.withoutContent ?? [];
  if (missing.length === 0) return [];
  const named = new Set<string>();
  const found = definition.agents.flatMap((agent) =>
    contentNeeds(resolved(agent), missing).map((need) => {
      for (const { path } of need.files) named.add(path);
      const facts = { paths: need.files.map(({ path }) => path) };
      return locator.failure('lfs-content-missing', blameOf(agent, need), { ...describeNeed(need), facts });
    }),
  );
  const { testCommand } = wave.settings;
  const others = missing.filter(({ path }) => !named.has(path));
  const tested = others.filter(({ path }) => testCommand !== null && namesPath(testCommand, path));
  const rest = others.filter((file) => !tested.includes(file));
  return [
    ...found,
    ...(tested.length === 0
      ? []
      : [
          locator.failure(
            'lfs-content-missing',
            {},
            describeNeed({ kind: 'proof', line: testCommand ?? '', files: tested }),
          ),
        ]),
    ...(rest.length === 0
      ? []
      : [locator.failure('lfs-content-missing', {}, { ...describeOthers(rest), severity: 'warning' })]),
  ];
};

function blameOf(agent: AgentSpec, { kind, line }: ContentNeed): Blame {
  if (kind === 'owned') return { agent, owned: line };
  return kind === 'proof' ? { agent, section: '### Proof commands', needle: line } : { agent, needle: line };
}

/** git names the files beyond a link, and in a submodule, otherwise or not at all. */
export const ownedPathsAreReached: ValidationRule = (facts) => {
  const unreached = facts.ground?.unreached ?? [];
  const pathsOf = (why: Unreached['why']) =>
    unreached.filter((one) => one.why === why).map(({ path }) => path);
  return [
    ...warnOwners(facts, pathsOf('link'), (paths) => ({
      code: 'owned-unreached',
      message: `${paths} lies beyond a link: git knows what is there by another path, and whether it is ignored is not known.`,
      next: 'Own the path that the link leads to.',
    })),
    ...warnOwners(facts, pathsOf('submodule'), (paths) => ({
      code: 'owned-unreached',
      message: `${paths} lies in a submodule: no slice can hold what an agent writes there.`,
      next: 'Change the submodule in its own repository.',
    })),
  ];
};

/** One warning for each agent that owns or promises some of the paths. */
function warnOwners(
  { definition, locator, resolved }: ValidationFacts,
  paths: readonly string[],
  say: (paths: string) => { code: FailureCode; message: string; next: string },
): Failure[] {
  if (paths.length === 0) return [];
  return definition.agents.flatMap((agent: AgentSpec) => {
    const { ownedPaths, deliverables } = resolved(agent);
    const own = ownershipOf([...ownedPaths, ...deliverables]);
    const mine = paths.filter((path) => own.ownerOf(path) !== null);
    const [first] = mine;
    if (first === undefined) return [];
    const more = mine.length > 10 ? `, and ${mine.length - 10} more` : '';
    const { code, ...saying } = say(`${mine.slice(0, 10).map(quote).join(', ')}${more}`);
    const owned = own.ownerOf(first) ?? first;
    return [
      locator.failure(code, { agent, owned }, { ...saying, severity: 'warning', facts: { paths: mine } }),
    ];
  });
}
