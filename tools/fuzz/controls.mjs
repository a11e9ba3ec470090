/** What looks for infinity walks into JSON of any depth, too, and would not come back from there. */
const anyDepth = [
  {
    file: 'wave-plugin/src/core/parse-json.ts',
    from: 'if (depth > deepestJson) return true;',
    to: '',
  },
  {
    file: 'wave-plugin/src/core/parse-json.ts',
    from: 'return holdsInfinity(value) ? undefined : value;',
    to: 'return value;',
  },
];

/**
 * Negative controls: one check is taken out of the bundled code (never of the product), and the texts have to find it. `title` says
 * what is so then.
 */
export const controls = [
  {
    title: 'JSON may nest as deep as it likes (envelope)',
    subject: 'envelope',
    weakening: anyDepth,
  },
  {
    title: 'JSON may nest as deep as it likes (wave file)',
    subject: 'wave file',
    weakening: anyDepth,
  },
  {
    title: 'a number may be past all numbers',
    subject: 'ledger entry',
    runs: 20_000,
    weakening: {
      file: 'wave-plugin/src/core/parse-json.ts',
      from: 'return holdsInfinity(value) ? undefined : value;',
      to: 'return value;',
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
  {
    title: 'an agent may own nothing',
    subject: 'wave file',
    weakening: {
      file: 'wave-plugin/src/core/parse/prompt.ts',
      from: 'ownsNothing: lists.ownership.length === 0,',
      to: 'ownsNothing: false,',
    },
  },
  {
    title: 'an amount may be less than nothing',
    subject: 'configuration',
    runs: 20_000,
    weakening: {
      file: 'wave-plugin/src/core/resolve/check-config.ts',
      from: 'isNumber(value) && value > 0 }',
      to: 'isNumber(value) }',
    },
  },
  {
    title: 'nobody need stand behind a decision',
    subject: 'ledger entry',
    runs: 20_000,
    weakening: {
      file: 'wave-schemas/src/ledger.ts',
      from: 'reason: z.string().min(1),',
      to: 'reason: z.string(),',
    },
  },
  {
    title: 'an event need not have data',
    subject: 'log of events',
    weakening: {
      file: 'wave-plugin/src/core/state/event-log.ts',
      from: "typeof data === 'object' &&\n    data !== null &&",
      to: '',
    },
  },
  {
    title: 'a stream is a success where nothing was said',
    subject: 'stream of Codex CLI',
    weakening: {
      file: 'wave-plugin/src/adapters/codex.reader.ts',
      from: 'let completed = false;',
      to: 'let completed = true;',
    },
  },
  {
    title: 'tokens may be fewer than none',
    subject: 'stream of Claude Code',
    runs: 20_000,
    weakening: {
      file: 'wave-plugin/src/adapters/json-lines.ts',
      from: 'found > 0 && found <= mostTokens',
      to: 'found <= mostTokens',
    },
  },
  {
    title: 'a pipe is a word',
    subject: 'command line',
    weakening: {
      file: 'wave-plugin/src/core/command-line.ts',
      from: "new Set(['|', '&',",
      to: "new Set(['&',",
    },
  },
  {
    title: 'a pointer need not name a sha256',
    subject: 'LFS pointer',
    weakening: {
      file: 'wave-plugin/src/core/lfs-pointer.ts',
      from: '([0-9a-f]{64})',
      to: '(\\w+)',
    },
  },
  {
    title: 'the last change of a listing is left out',
    subject: 'patch listing of git',
    weakening: {
      file: 'wave-plugin/src/edges/git/diff-trees.ts',
      from: 'i + 1 < records.length;',
      to: 'i + 3 < records.length;',
    },
  },
  {
    title: 'files that git does not know are left out',
    subject: 'index listing of git',
    weakening: {
      file: 'wave-plugin/src/edges/git/index-listing.ts',
      from: 'listing.untracked.push(record.slice(2));',
      to: 'continue;',
    },
  },
  {
    title: 'a byte that is not UTF-8 is a question mark',
    subject: 'names of files as bytes',
    weakening: {
      file: 'wave-plugin/src/edges/git/names.ts',
      from: 'String.fromCharCode(0xdc00 + lead)',
      to: "'?'",
    },
  },
  {
    title: 'a principal may have no name',
    subject: 'principals of ssh-keygen',
    weakening: {
      file: 'wave-plugin/src/core/trust/signatures.ts',
      from: ".filter((line) => line !== '')",
      to: '',
    },
  },
];
