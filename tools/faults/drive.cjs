/**
 * Plays Nx for one command: runs the doors of the product in this process, in the order in which Nx would run their tasks.
 * Usage: node drive.cjs <doors.js> <workspace> <operation as JSON: [{ door, options, project?, needs? }]>
 */
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname } = require('node:path');
const { Script, constants } = require('node:vm');

const [, , bundle, root, operation] = process.argv;
/** Compiled code of an earlier command: most of what a short process does is to compile. */
const compiled = `${bundle}.compiled`;
const script = new Script(wrap(readFileSync(bundle, 'utf8')), {
  filename: bundle,
  cachedData: existsSync(compiled) ? readFileSync(compiled) : undefined,
  importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const loaded = { exports: {} };
script.runInThisContext()(loaded.exports, createRequire(bundle), loaded, bundle, dirname(bundle));
const { doors } = loaded.exports;

const wavePath = 'docs/plans/waves/wave-1.md';
const projects = {
  'wave-1': { metadata: { wave: { path: wavePath, include: [] } } },
  waves: { metadata: { lane: { projectId: null, lane: 'main', waves: [wavePath], include: [] } } },
};

async function main() {
  const failed = new Set();
  for (const [index, { door, options = {}, project: projectName = 'wave-1', needs = [] }] of JSON.parse(
    operation,
  ).entries()) {
    // As Nx: what depends on a task that failed is skipped.
    if (needs.some((one) => failed.has(one))) {
      failed.add(index);
      continue;
    }
    const { success } = await doors[door](options, {
      root,
      projectName,
      projectsConfigurations: { version: 2, projects },
    });
    if (!success) failed.add(index);
  }
  process.exitCode = failed.size === 0 ? 0 : 1;
  // Only where nobody counts what this process writes.
  if (process.env.KEEP_COMPILED === undefined) return;
  writeFileSync(`${compiled}.${process.pid}`, script.createCachedData());
  renameSync(`${compiled}.${process.pid}`, compiled);
}

void main();
