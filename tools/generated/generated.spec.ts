import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documents, jsonSchemaOf, type DocumentName } from '@nx-wave/schemas';
import { codesPage } from '../../packages/wave-plugin/src/gates/waivable';
import { ciPage } from './render-ci';
import { commandsPage } from './render-commands';
import { configPage } from './render-config';
import {
  agentEnvelopePage,
  documentsPage,
  failureCodesPage,
  gateCodesPage,
  waveFilePage,
} from './render-pages';
import { executorsManifest } from './render-executors';
import { targetsPage } from './render-targets';

const root = join(__dirname, '..', '..');
const schemaFolder = 'packages/wave-schemas/json-schema';

/** Every generated file of the repository, by path. `node tools/generate-schemas.mjs` writes them. */
const generated: Record<string, () => string> = {
  ...Object.fromEntries(
    (Object.keys(documents) as DocumentName[]).map((name) => [
      `${schemaFolder}/${name}.schema.json`,
      () => `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`,
    ]),
  ),
  'docs/reference/generated/documents.md': documentsPage,
  'docs/reference/generated/agent-envelope.md': agentEnvelopePage,
  'docs/reference/generated/failure-codes.md': failureCodesPage,
  [codesPage]: gateCodesPage,
  'docs/reference/generated/wave-file.md': waveFilePage,
  'docs/reference/generated/config.md': configPage,
  'docs/reference/generated/targets.md': targetsPage,
  'docs/reference/generated/ci.md': ciPage,
  'docs/reference/generated/commands.md': commandsPage,
  'packages/wave-plugin/executors.json': executorsManifest,
};

const write = process.env['NX_WAVE_WRITE_GENERATED'] === '1';

describe('generated files', () => {
  it.each(Object.entries(generated))('%s says what the code says', (path, render) => {
    const file = join(root, path);
    if (write) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, render());
    }
    expect(
      existsSync(file) ? readFileSync(file, 'utf8') : 'absent: run node tools/generate-schemas.mjs',
    ).toBe(render());
  });

  it('are all there is in the folder of JSON Schemas', () => {
    const known = Object.keys(documents).map((name) => `${name}.schema.json`);
    expect(readdirSync(join(root, schemaFolder)).sort()).toEqual(known.sort());
  });
});
