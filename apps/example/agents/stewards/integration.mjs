// Agent A8: reads what the implementation agents left, checks the agreed contracts, joins the modules.
import { createHash } from 'node:crypto';

const folder = 'apps/example/src';
const isModule = (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts';

function readModules({ files, exportsOf }) {
  return files
    .list(folder)
    .filter(isModule)
    .map((name) => {
      const text = files.read(`${folder}/${name}`);
      return {
        path: `${folder}/${name}`,
        sha256: createHash('sha256').update(text).digest('hex'),
        exports: exportsOf(text),
        imports: [...text.matchAll(/ from '\.\/([\w-]+)'/g)]
          .map((match) => `${folder}/${match[1]}.ts`)
          .sort(),
      };
    });
}

/** A contract in the prompt reads `A1 apps/example/src/scale.ts: roundToStep, scaleToLoaves`. */
function readContract([place, names]) {
  const [owner, path] = place.split(' ');
  return { owner, path, names: names.split(',').map((name) => name.trim()) };
}

function blockersOf({ owner, path, names }, modules, files) {
  const module = modules.find((one) => one.path === path);
  if (module === undefined) return [{ owner, text: `${path} is missing.` }];
  const absent = names.filter((name) => !module.exports.includes(name));
  const test = path.replace(/\.ts$/, '.test.ts');
  return [
    ...absent.map((name) => ({ owner, text: `${path} does not export ${name}.` })),
    ...(files.exists(test) ? [] : [{ owner, text: `${path} has no test beside it.` }]),
  ];
}

/** The first ring of imports, as a list of paths, or null. */
function findCycle(modules) {
  const importsOf = new Map(modules.map(({ path, imports }) => [path, imports]));
  const walk = (path, trail) => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    for (const next of importsOf.get(path) ?? []) {
      const cycle = walk(next, [...trail, path]);
      if (cycle) return cycle;
    }
    return null;
  };
  for (const { path } of modules) {
    const cycle = walk(path, []);
    if (cycle) return cycle;
  }
  return null;
}

const describe = (module) =>
  `- ${module.path}: exports ${module.exports.join(', ')}${
    module.imports.length > 0 ? `; builds on ${module.imports.join(', ')}` : ''
  }`;

export function work(task) {
  const { wave, lane, files, pairs } = task;
  const contracts = pairs('Contracts').map(readContract);
  if (contracts.length === 0) throw new Error('The prompt names no contracts: nothing to integrate.');
  const modules = readModules(task);
  const cycle = findCycle(modules);
  const blockers = contracts.flatMap((contract) => blockersOf(contract, modules, files));
  if (cycle) {
    const owner = contracts.find(({ path }) => cycle.includes(path))?.owner ?? contracts[0].owner;
    blockers.push({ owner, text: `Modules import each other in a ring: ${cycle.join(' -> ')}.` });
  }
  const state = blockers.length === 0 ? 'ready-for-doc-closure' : 'needs-more-work';
  const owners = [...new Set(blockers.map(({ owner }) => owner))].sort();
  if (blockers.length === 0) {
    const names = modules.map(({ path }) => path.slice(folder.length + 1, -'.ts'.length));
    files.write(`${folder}/index.ts`, names.map((name) => `export * from './${name}';\n`).join(''));
  }

  const report = `.tmp/${lane}-wave-launcher/integration/wave-${wave}`;
  files.write(
    `${report}.json`,
    `${JSON.stringify({ wave, state, contracts, modules, blockers }, null, 2)}\n`,
  );
  const findings = blockers.map(({ owner, text }) => `- ${owner}: ${text}`);
  const lines = [
    `# Integration of wave ${wave}`,
    '',
    `State: ${state}`,
    '',
    '## Modules',
    '',
    ...modules.map(describe),
    '',
    '## Blockers',
    '',
    ...(findings.length > 0 ? findings : ['None: every contract is met and no imports run in a ring.']),
    '',
  ];
  files.write(`${report}.md`, lines.join('\n'));

  const detail =
    blockers.length === 0
      ? `${contracts.length} contracts met; index.ts joins ${modules.length} modules.`
      : blockers.map(({ text }) => text).join(' ');
  return {
    detail,
    payload: {
      integrationState: { state, claims: 0, conflicts: 0, blockers: blockers.length, detail, owners },
    },
  };
}
