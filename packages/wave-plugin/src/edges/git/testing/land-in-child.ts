import { readFileSync } from 'node:fs';
import { createGitEdge } from '../git-edge';
import { type LandRequest } from '../land-contracts';

/** Lands in a process of its own, so that a test can kill it on the way. Arguments: repository, request file, folder. */
async function main([workspace = '', requestFile = '', into = '']: string[]): Promise<void> {
  const edge = createGitEdge({ env: process.env });
  const repo = await edge.openRepository(workspace);
  if (!repo.ok) throw new Error(repo.error.message);
  const request = JSON.parse(readFileSync(requestFile, 'utf8')) as LandRequest;
  const landed = await edge.applyToWorkspace(repo.value, request, into);
  process.stdout.write(JSON.stringify(landed));
}

void main(process.argv.slice(2));
