import { parse } from 'jsonc-parser';
import { withPluginEntry } from './plugin-entry';

const plugin = '@nx-wave/plugin';
const textOf = (before: string | null) => {
  const result = withPluginEntry(before, plugin);
  return result.ok ? result.text : result.problem;
};

describe('withPluginEntry', () => {
  it.each<[string, string | null, unknown]>([
    ['no nx.json', null, { plugins: [plugin] }],
    ['an empty one', '{}', { plugins: [plugin] }],
    ['other settings', '{\n  "analytics": false\n}\n', { analytics: false, plugins: [plugin] }],
    ['an empty list', '{ "plugins": [] }', { plugins: [plugin] }],
    [
      'other plugins',
      '{\n  "plugins": [\n    "@nx/js",\n    { "plugin": "@nx/vite" }\n  ]\n}',
      { plugins: ['@nx/js', { plugin: '@nx/vite' }, plugin] },
    ],
  ])('adds the plugin to %s', (_, before, after) => {
    const text = textOf(before);
    expect(parse(text ?? '')).toEqual(after);
    expect(textOf(text)).toBeNull();
  });

  it('keeps comments and the way the file is written', () => {
    const before = '{\n\t// ours\n\t"plugins": ["@nx/js"], // one\n\t"analytics": false,\n}\n';
    const after = textOf(before) ?? '';
    expect(after).toContain('// ours');
    expect(after).toContain('// one');
    expect(after).toContain('"analytics": false,\n}\n');
  });

  it.each([
    ['a name', `{ "plugins": ["${plugin}"] }`],
    ['options', `{ "plugins": [{ "plugin": "${plugin}", "options": { "targetPrefix": "w-" } }] }`],
  ])('leaves one with the plugin by %s alone', (_, before) => {
    expect(textOf(before)).toBeNull();
  });

  it.each([
    ['is cut short', '{ "plugins": [', /not a JSON object/],
    ['is a list', '[]', /not a JSON object/],
    ['names plugins in a way of its own', '{ "plugins": {} }', /not a list/],
  ])('refuses one that %s', (_, before, problem) => {
    expect(withPluginEntry(before, plugin)).toEqual({
      ok: false,
      problem: expect.stringMatching(problem) as string,
    });
  });
});
