import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Observed, renderReuseTable } from './render-table';
import { restore, scenarios } from './scenarios';
import { createWorld, type World } from './world';

const page = resolve(__dirname, '..', '..', 'docs', 'reference', 'generated', 'reuse.md');
const write = process.env['NX_WAVE_WRITE_GENERATED'] === '1';

/** One workspace and one history: each test goes on where the one before has stopped. */
describe('an agent is paid once', () => {
  let world: World;
  const observed: Observed[] = [];
  let first: string[] = [];
  beforeAll(async () => void (world = await createWorld()));
  afterAll(() => world[Symbol.asyncDispose]());

  it('the first launch runs everybody, once', async () => {
    const launched = await world.launch(world.remote.env());
    first = launched.ran;
    expect({ ...launched, output: launched.code === 0 ? '' : launched.output }).toMatchObject({
      output: '',
      ran: ['A1', 'A2', 'A3', 'A8'],
      state: 'closed',
    });
    expect(world.remote.entries.size).toBe(8);
  });

  it.each(scenarios.map((scenario) => [scenario.change, scenario] as const))('%s', async (_, scenario) => {
    const { change, runs, act, says, state = 'closed', undo = restore } = scenario;
    await act(world);
    const launched = await world.launch(scenario.remote ? world.remote.env() : {});
    observed.push({ change, ran: launched.ran });
    expect({ ran: launched.ran, state: launched.state, output: launched.output }).toEqual({
      ran: runs,
      state,
      output: says === undefined ? launched.output : expect.stringContaining(says),
    });
    await undo(world);
  });

  it('the page of the docs says what happened here', () => {
    const text = renderReuseTable(first, observed);
    if (write) {
      mkdirSync(dirname(page), { recursive: true });
      writeFileSync(page, text);
    }
    expect(readFileSync(page, 'utf8')).toBe(text);
  });
});
