// Checks that the component matrix and its readable twin name the same components at the same levels.
import { readFileSync } from 'node:fs';

const path = new URL('../../../docs/plans/component-cutover-matrix.json', import.meta.url);
const matrix = JSON.parse(readFileSync(path, 'utf8'));
const twin = readFileSync(new URL('component-cutover-matrix.md', path), 'utf8');

const wanted = Object.entries(matrix.components).map(([id, { currentLevel }]) => `${id}: ${currentLevel}`);
const found = [...twin.matchAll(/^### (\S+)\n\n- current level: (\S+)$/gm)].map(
  ([, id, level]) => `${id}: ${level}`,
);
const faults = [
  ...wanted.filter((line) => !found.includes(line)).map((line) => `the twin lacks ${line}`),
  ...found.filter((line) => !wanted.includes(line)).map((line) => `the twin says ${line}`),
  ...wanted
    .filter((line) => !matrix.levels.includes(line.split(': ')[1]))
    .map((line) => `no such level in the matrix: ${line}`),
];
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? `${wanted.length} components agree` : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
