import type { Stage } from './scenarios';
import { createWorld, type Deed } from './world';

/** A world in which the honest launch has been made. Forged ones are made when a scenario first asks for them. */
export async function openStage(config: Record<string, unknown> = {}): Promise<Stage & AsyncDisposable> {
  const world = await createWorld(config);
  const launched = await world.first.launch(world.remote.env());
  if (launched.state !== 'closed') throw new Error(`the honest launch did not close:\n${launched.output}`);
  const honest = new Map(world.remote.entries);
  const forged = new Map<Deed, Promise<Map<string, Buffer>>>();
  return {
    world,
    honest,
    forged(deed) {
      const made = forged.get(deed) ?? world.forge(deed);
      forged.set(deed, made);
      return made;
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
