import { adoptConfig } from './adopt-config';
import { configSchemaPath } from './starting-config';

describe('adoptConfig', () => {
  it('adds what a repository of the earlier system needs, says why, and is done the second time', () => {
    const { text, changes, kept } = adoptConfig(
      '{\n  "version": 1,\n  "validation": { "testCommand": "x" }\n}\n',
    );
    expect(JSON.parse(text ?? '')).toEqual({
      $schema: configSchemaPath,
      version: 1,
      validation: { testCommand: 'x', ownershipOverlap: 'warn' },
      compat: { legacySignals: true },
    });
    expect(text?.indexOf('$schema')).toBeLessThan(text?.indexOf('version') ?? 0);
    expect(changes).toHaveLength(3);
    expect(kept).toEqual([]);
    expect(adoptConfig(text)).toEqual({ text: null, changes: [], kept: [] });
  });

  it('makes a configuration where there is none', () => {
    expect(JSON.parse(adoptConfig(null).text ?? '')).toMatchObject({
      version: 1,
      compat: { legacySignals: true },
    });
  });

  it('changes nothing that was decided, and says so', () => {
    const { text, kept } = adoptConfig('{ "compat": { "legacySignals": false }, "$schema": "./mine.json" }');
    expect(JSON.parse(text ?? '')).toMatchObject({
      compat: { legacySignals: false },
      $schema: './mine.json',
    });
    expect(kept).toEqual(['$schema is "./mine.json"', 'compat.legacySignals is false']);
  });
});
