import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Folder of the clients and servers that `npm run test:stores` has installed. */
export const librariesFolder = process.env.WAVE_STORE_LIBRARIES ?? '';

/** Loads one of them as a workspace would load an optional peer. */
export async function loadLibrary(name: string): Promise<unknown> {
  return createRequire(join(librariesFolder, 'package.json'))(name) as unknown;
}
