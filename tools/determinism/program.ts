import { createHash } from 'node:crypto';
import { randomOf } from '../cluster/random';
import { outputs } from './outputs';

/**
 * Prints, as JSON, the digest of each output over a number of permutations: one where all were the same bytes, several where not.
 * Command line: number of permutations, seed.
 */
const [permutations = '1', seed = '1'] = process.argv.slice(2);
const found = new Map<string, Set<string>>();
for (let at = 0; at < Number(permutations); at += 1)
  for (const [name, text] of Object.entries(outputs(randomOf(Number(seed) + at)))) {
    const digests = found.get(name) ?? new Set();
    found.set(name, digests.add(createHash('sha256').update(text).digest('hex')));
  }
process.stdout.write(JSON.stringify([...found].map(([name, digests]) => ({ name, digests: [...digests] }))));
