// Agent A2: how warm the water has to be for the dough to come out right.
// It makes a mistake, on purpose: see "A wave that fails and is mended" in apps/example/README.md.

/** The dough's temperature is the mean of flour, room and water: three parts. */
const parts = 2;

const folder = 'apps/example/src';
const modulePath = `${folder}/dough-temperature.ts`;
const testPath = `${folder}/dough-temperature.test.ts`;

const code = (friction) => `/** Degrees by which kneading warms a dough. */
export const frictionDegrees = ${friction};

/** Temperatures in degrees Celsius. */
export interface Kitchen {
  flour: number;
  room: number;
  /** What the dough is to have when it comes out of the mixer. */
  dough: number;
}

/** How warm the water has to be. Below 0 means ice, above 45 means that no water can do it. */
export function waterDegrees({ flour, room, dough }: Kitchen): number {
  return dough * ${parts} - flour - room - frictionDegrees;
}
`;

const tests = (friction) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frictionDegrees, waterDegrees } from './dough-temperature';

test('balances flour, room and kneading with the water', () => {
  assert.equal(frictionDegrees, ${friction});
  assert.equal(waterDegrees({ flour: 20, room: 22, dough: 26 }), ${3 * 26 - 20 - 22 - friction});
});

test('takes colder water on a hot day', () => {
  assert.equal(waterDegrees({ flour: 28, room: 30, dough: 26 }), ${3 * 26 - 28 - 30 - friction});
});
`;

/** What an earlier attempt left in this checkout: only an attempt writes these files. */
function readEarlierWork({ attempt, files, say }) {
  const kept = [testPath, modulePath].filter((path) => files.exists(path));
  if (kept.length > 0) say(`attempt ${attempt} goes on from the ${kept.length} files of the one before`);
  return kept;
}

export function work(task) {
  const { number, files, delivered, attempt } = task;
  const kept = readEarlierWork(task);
  const friction = number('friction', 4);
  files.write(testPath, tests(friction));
  files.write(modulePath, code(friction));
  return delivered({
    detail: `The water balances flour, room and ${friction} degrees of kneading.`,
    components: ['dough-temperature'],
    facts: kept.map((path) => ({
      factId: `continued:${path}`,
      kind: 'observation',
      content: `Attempt ${attempt} found ${path} from the attempt before.`,
    })),
  });
}
