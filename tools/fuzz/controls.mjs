/** Negative controls: one check is taken out of the bundled code (never of the product), and the texts have to find it. */
export const controls = [
  {
    title: 'JSON may nest as deep as it likes (envelope)',
    subject: 'envelope',
    weakening: {
      file: 'wave-plugin/src/core/parse-json.ts',
      from: 'if (depth > deepestJson) return true;',
      to: '',
    },
  },
  {
    title: 'JSON may nest as deep as it likes (wave file)',
    subject: 'wave file',
    weakening: {
      file: 'wave-plugin/src/core/parse-json.ts',
      from: 'if (depth > deepestJson) return true;',
      to: '',
    },
  },
  {
    title: 'an envelope may name another agent',
    subject: 'envelope',
    weakening: {
      file: 'wave-schemas/src/envelope-draft.ts',
      from: 'if (strangers.length > 0) return refuse(strangers);',
      to: '',
    },
  },
  {
    title: 'a path may climb out of the workspace',
    subject: 'paths of an amendment',
    runs: 3000,
    weakening: {
      file: 'wave-plugin/src/core/parse/paths.ts',
      from: "if (segments.includes('..'))",
      to: 'if (segments.length === 0)',
    },
  },
  {
    title: 'a list of digests may name a file twice',
    subject: 'list of digests',
    weakening: {
      file: 'wave-plugin/src/core/trust/digest-list.ts',
      from: 'return printDigestList(files) === text ? files : null;',
      to: 'return files;',
    },
  },
  {
    title: 'any text is a digest',
    subject: 'handoff',
    weakening: {
      file: 'wave-schemas/src/manifest.ts',
      from: 'lazily(() => z.string().regex(/^[0-9a-f]{64}$/))',
      to: 'lazily(() => z.string())',
    },
  },
  {
    title: 'a command line is read in quadratic time',
    subject: 'command line',
    growsTo: 2 ** 12,
    weakening: {
      file: 'wave-plugin/src/core/command-line.ts',
      from: 'const char = text.charAt(index);',
      to: "const char = Array.from({ length: text.length }, (_, at) => text.charAt(at))[index] ?? '';",
    },
  },
];
