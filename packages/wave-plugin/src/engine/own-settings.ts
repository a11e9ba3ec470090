import { join } from 'node:path';
import type { AdapterIo } from '../adapters/adapter';
import { findAdapter } from '../adapters/registry';
import type { AttemptContext } from './attempt';
import type { Workshop } from './workshop';

/**
 * What adapters may look at, with the settings that the wave names as the user has them: of the snapshot, else of the
 * workspace. An agent can write those in its checkout, and would open its own sandbox for its next start.
 */
export async function ownSettings(
  { session, agent, edges }: AttemptContext,
  { checkout, snapshot }: Pick<Workshop, 'checkout' | 'snapshot'>,
  chain: readonly string[],
): Promise<AdapterIo> {
  const io = edges.adapterIo;
  const texts = new Map<string, string | null>();
  const paths = chain.flatMap((id) => findAdapter(id, session.adapters)?.settingsFiles?.(agent) ?? []);
  for (const path of paths) {
    const found = await edges.git.readFileAt(session.repo, snapshot, path);
    const bytes = found.ok ? found.value : null;
    const text = bytes === null ? io.readFile(session.at(path)) : Buffer.from(bytes).toString();
    texts.set(join(checkout.workspaceDir, path), text);
  }
  return {
    ...io,
    readFile: (path) => (texts.has(path) ? (texts.get(path) ?? null) : io.readFile(path)),
  };
}
