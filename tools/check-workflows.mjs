import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { root } from './packages.mjs';

/**
 * What GitHub's own parser has against workflows: a JSON list of texts on standard input, a JSON list of lists of messages on
 * standard output. It is bundled first, because it imports JSON in a way that Node 20 does not take.
 */
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const texts = JSON.parse(Buffer.concat(chunks).toString('utf8'));
const folder = mkdtempSync(join(tmpdir(), 'nx-wave-workflows-'));
try {
  const file = join(folder, 'parser.mjs');
  const bundle = await rolldown({
    input: join(root, 'node_modules', '@actions', 'workflow-parser', 'dist', 'index.js'),
    platform: 'node',
    logLevel: 'silent',
  });
  await bundle.write({ file, format: 'esm' });
  const { parseWorkflow, NoOperationTraceWriter } = await import(pathToFileURL(file).href);
  const found = texts.map((content) => {
    const { context } = parseWorkflow({ name: 'waves.yml', content }, new NoOperationTraceWriter());
    return context.errors.getErrors().map(({ message }) => message);
  });
  process.stdout.write(JSON.stringify(found));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
