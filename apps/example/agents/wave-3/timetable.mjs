// Agent A2: when to start, counted back from when the bread has to be ready.
const folder = 'apps/example/src';

const clockTexts = {
  '24 h': {
    doc: 'as on a station clock',
    body: `  const hours = String(Math.floor(inDay / 60)).padStart(2, '0');
  return \`\${hours}:\${String(inDay % 60).padStart(2, '0')}\`;`,
    at: (hours, minutes) => `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`,
  },
  '12 h': {
    doc: 'with am and pm',
    body: `  const hours = Math.floor(inDay / 60) % 12 || 12;
  return \`\${hours}:\${String(inDay % 60).padStart(2, '0')} \${inDay < 720 ? 'am' : 'pm'}\`;`,
    at: (hours, minutes) =>
      `${hours % 12 || 12}:${String(minutes).padStart(2, '0')} ${hours < 12 ? 'am' : 'pm'}`,
  },
};

const clockCode = ({ doc, body }) => `
/** The time of day of a minute count, ${doc}; days before and after wrap around. */
export function clockText(minutes: number): string {
  const inDay = ((minutes % 1440) + 1440) % 1440;
${body}
}
`;

const clockTests = ({ at }) => `
test('writes a minute count as a time of day', () => {
  assert.equal(clockText(0), '${at(0, 0)}');
  assert.equal(clockText(450), '${at(7, 30)}');
  assert.equal(clockText(1085), '${at(18, 5)}');
});

test('wraps around midnight in both directions', () => {
  assert.equal(clockText(-60), '${at(23, 0)}');
  assert.equal(clockText(1440 + 15), '${at(0, 15)}');
});
`;

const code = `import { clockText } from './clock';

/** One step of the work on a dough, in the order in which it is done. */
export interface Step {
  name: string;
  minutes: number;
}

/** A step with the moment it starts. Minutes count from midnight of the day the bread is ready. */
export interface TimedStep extends Step {
  startMinutes: number;
  /** How many midnights lie between this start and the day the bread is ready. */
  daysBefore: number;
}

/** When each step starts, if the last one has to end at \`readyMinutes\`. */
export function timetable(steps: readonly Step[], readyMinutes: number): TimedStep[] {
  let end = readyMinutes;
  const backwards = [...steps].reverse().map((step) => {
    end -= step.minutes;
    return { ...step, startMinutes: end, daysBefore: -Math.floor(end / 1440) || 0 };
  });
  return backwards.reverse();
}

/** One line per step: time, day if it is an earlier one, name. */
export function timetableLines(steps: readonly Step[], readyMinutes: number): string[] {
  return timetable(steps, readyMinutes).map(({ name, startMinutes, daysBefore }) => {
    const day = daysBefore === 0 ? '' : daysBefore === 1 ? ' the day before' : \` \${daysBefore} days before\`;
    return \`\${clockText(startMinutes)}\${day}  \${name}\`;
  });
}
`;

const tests = ({ at }) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timetable, timetableLines } from './timetable';

const steps = [
  { name: 'mix', minutes: 20 },
  { name: 'first rise', minutes: 720 },
  { name: 'shape', minutes: 15 },
  { name: 'second rise', minutes: 90 },
  { name: 'bake', minutes: 45 },
];

test('counts back from the moment the bread is ready', () => {
  const timed = timetable(steps, 480);
  assert.deepEqual(
    timed.map(({ startMinutes }) => startMinutes),
    [-410, -390, 330, 345, 435],
  );
});

test('leaves no gap between two steps', () => {
  const timed = timetable(steps, 480);
  timed.slice(1).forEach((step, index) => {
    const before = timed[index];
    assert.equal(before && before.startMinutes + before.minutes, step.startMinutes);
  });
});

test('says so when a step starts on an earlier day', () => {
  assert.deepEqual(timetableLines(steps, 480), [
    '${at(17, 10)} the day before  mix',
    '${at(17, 30)} the day before  first rise',
    '${at(5, 30)}  shape',
    '${at(5, 45)}  second rise',
    '${at(7, 15)}  bake',
  ]);
});

test('has nothing to do for no steps', () => {
  assert.deepEqual(timetable([], 480), []);
});
`;

/** Adds to a file what it lacks: an attempt that continues finds its own addition and leaves it. */
function extend(files, path, mark, addition, edit = (text) => text) {
  const text = files.read(path);
  const kept = text.includes(mark) ? text.slice(0, text.indexOf(mark)) : edit(text);
  files.write(path, kept + addition);
}

export function work({ word, needExports, files, delivered }) {
  needExports(`${folder}/clock.ts`, ['minutesOf']);
  const clock = word('clock', ['24 h', '12 h']);
  const style = clockTexts[clock];
  extend(files, `${folder}/clock.ts`, '\n/** The time of day of a minute count', clockCode(style));
  extend(
    files,
    `${folder}/clock.test.ts`,
    "\ntest('writes a minute count as a time of day'",
    clockTests(style),
    (text) => text.replace('import { minutesOf }', 'import { clockText, minutesOf }'),
  );
  files.write(`${folder}/timetable.ts`, code);
  files.write(`${folder}/timetable.test.ts`, tests(style));
  return delivered({
    detail: `Timetables count back from the finished bread; times are written for a ${clock} clock.`,
    components: ['bake-timetable'],
  });
}
