/**
 * Plays Nx for one command: runs the doors of the product in this process, in the order in which Nx would run their tasks.
 * Usage: node drive.cjs <doors.js> <workspace> <operation as JSON: [{ door, options, project?, needs? }]>
 */
const [, , bundle, root, operation] = process.argv;
const { doors } = require(bundle);

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
}

void main();
