import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pluginVersion } from './plugin-version';

describe('the version that bundles name', () => {
  it.each(['wave-plugin', 'wave-schemas'])('is that of the manifest of %s', (folder) => {
    const manifest = join(__dirname, '..', '..', '..', folder, 'package.json');
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ version: pluginVersion });
  });
});
