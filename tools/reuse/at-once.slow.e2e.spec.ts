import { type Workspace } from '../e2e/workspace';
import { createWorld, type World } from './world';

/** Two agents of one stage and one of the next. */
const agents = [{ id: 'A1' }, { id: 'A2' }, { id: 'A8' }];

/** Launches the wave in every place at the same moment; all of them must close it. */
async function launchAll(places: readonly Workspace[]): Promise<void> {
  const runs = await Promise.all(
    places.map((place) => place.nx(['run', 'wave-7:launch', '--outputStyle=static'])),
  );
  expect(runs.map(({ code, output }) => (code === 0 ? '' : output))).toEqual(runs.map(() => ''));
  for (const place of places) expect(place.closure(7).state).toBe('closed');
}

describe('the same wave, launched by real Nx twice at the same moment', () => {
  let world: World;
  afterEach(() => world[Symbol.asyncDispose]());

  it('in one clone runs each agent once, and both close it', async () => {
    world = await createWorld({ agents });
    await launchAll([world.clone, world.clone]);
    expect(world.starts().sort()).toEqual(['A1', 'A2', 'A8']);
  });

  it('in a clone and a linked worktree of it runs each agent once', async () => {
    world = await createWorld({ agents });
    await launchAll([world.clone, world.clone.sibling('linked', 'worktree')]);
    expect(world.starts().sort()).toEqual(['A1', 'A2', 'A8']);
  });

  it('in two clones with a shared store runs each agent once', async () => {
    world = await createWorld({
      agents,
      config: { store: { path: '../shared-proofs', repository: 'shop', periods: { poll: 0.5 } } },
    });
    await launchAll([world.clone, world.clone.sibling('second', 'clone')]);
    expect(world.starts().sort()).toEqual(['A1', 'A2', 'A8']);
  });
});
