import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderTables, writeTables } from './table';
import { simulate } from './simulate';
import { controls } from './without';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    without: { type: 'string' },
    negative: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** A control is red where its own invariant is, in a few trials. */
const controlTrials = 6;

async function main(): Promise<void> {
  const seed = Number(values.seed);
  const trials = Number(values.trials);
  const { without } = values;
  if (values.negative) return runControls(Object.keys(controls), seed);
  const control = without === undefined ? undefined : controls[without];
  if (without !== undefined && control === undefined) {
    say(`There is no rule ${without}; there are ${Object.keys(controls).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const totals = await simulate({
    trials,
    seed,
    disturbed: 4,
    compare: control === undefined,
    report: say,
    ...(control === undefined ? {} : { control }),
  });
  const options = without === undefined ? '' : ` --without ${without}`;
  const tables = renderTables(totals, `npm run test:cluster -- --trials ${trials} --seed ${seed}${options}`);
  say(`\n${tables}`);
  if (values.write) writeTables(join(__dirname, '..', '..'), tables);
  process.exitCode = Object.keys(totals.red).length > 0 ? 1 : 0;
}

async function runControls(names: string[], seed: number): Promise<void> {
  for (const name of names) {
    const control = controls[name];
    if (control === undefined) continue;
    const totals = await simulate({
      trials: controlTrials,
      seed,
      control,
      disturbed: control.breaks === 'I6' ? 8 : 0,
      compare: false,
      report: () => undefined,
    });
    const red = totals.red[control.breaks as keyof typeof totals.red] ?? 0;
    say(
      `negative control, ${name} (${control.about}): ${control.breaks} is ${red > 0 ? 'red, as it has to be' : 'NOT RED'} (${JSON.stringify(totals.red)})`,
    );
    if (red === 0) process.exitCode = 1;
  }
}

void main();
