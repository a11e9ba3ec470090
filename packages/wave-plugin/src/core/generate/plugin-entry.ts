import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';

export type PluginEntry = { ok: true; text: string | null } | { ok: false; problem: string };

/**
 * The text of an `nx.json` whose `plugins` name the package; null where they do already, as a text or with options. Comments
 * and everything else stay as they are. An `nx.json` that cannot be read, or holds something else there, is refused.
 */
export function withPluginEntry(text: string | null, plugin: string): PluginEntry {
  if (text === null) return { ok: true, text: `${JSON.stringify({ plugins: [plugin] }, null, 2)}\n` };
  const errors: ParseError[] = [];
  const json = parse(text, errors, { allowTrailingComma: true }) as { plugins?: unknown } | undefined;
  if (errors.length > 0 || typeof json !== 'object' || json === null || Array.isArray(json))
    return { ok: false, problem: 'nx.json is not a JSON object.' };
  const plugins: unknown = json.plugins ?? [];
  if (!Array.isArray(plugins)) return { ok: false, problem: '"plugins" in nx.json is not a list.' };
  if (plugins.some((entry) => entry === plugin || (entry as { plugin?: unknown } | null)?.plugin === plugin))
    return { ok: true, text: null };
  const formattingOptions = {
    insertSpaces: !/^\t/m.test(text),
    tabSize: 2,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const path = json.plugins === undefined ? ['plugins'] : ['plugins', plugins.length];
  const value = json.plugins === undefined ? [plugin] : plugin;
  return {
    ok: true,
    text: applyEdits(text, modify(text, path, value, { formattingOptions, isArrayInsertion: true })),
  };
}
