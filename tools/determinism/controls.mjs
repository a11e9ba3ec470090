const ownOrder = {
  file: 'wave-plugin/src/core/state/ledger-view.ts',
  from: 'for (const entry of sortLedger(ledger))',
  to: 'for (const entry of ledger)',
};

/**
 * Negative controls: one sorting (wherever it is done again) is taken out of the bundled code (never of the product), or made that of a language, or what is hashed
 * holds what is other each time. `title` says what is so then, `output` what has to differ, `launch` that a launch has to show it, and
 * `node` that it takes another version of Node.
 */
export const controls = [
  {
    title: 'records of a handoff in the order of the agent',
    output: 'verdicts',
    weakening: {
      file: 'wave-plugin/src/core/digest/result-digest.ts',
      from: '.sort((a, b) => byText(a.id, b.id));',
      to: ';',
    },
  },
  {
    title: 'keys of canonical JSON in the order of a language',
    output: 'canonical JSON of plain values',
    weakening: {
      file: 'wave-schemas/src/canonical.ts',
      from: '.sort()) {',
      to: '.sort((a, b) => a.localeCompare(b))) {',
    },
  },
  {
    title: 'ledger entries in the order in which they come',
    output: 'ledger of an agent',
    weakening: ownOrder,
  },
  {
    title: 'a time of the clock in what is hashed',
    output: 'work key of A1',
    weakening: {
      file: 'wave-plugin/src/core/digest/keys.ts',
      from: '    wave: wave.identity.project,',
      to: '    wave: wave.identity.project + Date.now(),',
    },
  },
  {
    title: 'times of the report in the time zone of the machine',
    output: 'report as markdown',
    weakening: {
      file: 'wave-plugin/src/core/views/report/timeline-section.ts',
      from: 'new Date(ms).toISOString()',
      to: 'new Date(ms).toString()',
    },
  },
  {
    title: 'the version of Node in what is hashed',
    output: 'work key of A1',
    node: true,
    weakening: {
      file: 'wave-plugin/src/core/digest/keys.ts',
      from: '    wave: wave.identity.project,',
      to: '    wave: wave.identity.project + process.version,',
    },
  },
  {
    title: 'ledger entries in the order of the disk',
    output: 'handoff/wave-1/A1.json',
    launch: true,
    weakening: [
      ownOrder,
      {
        file: 'wave-plugin/src/edges/files/list-folder.ts',
        from: 'return (await fs.readdir(folder)).sort();',
        to: 'return await fs.readdir(folder);',
      },
      {
        file: 'wave-plugin/src/engine/session/session.ts',
        from: 'entries: entries.sort((a, b) => (a.id < b.id ? -1 : 1)), warnings',
        to: 'entries, warnings',
      },
    ],
  },
  {
    title: 'a time of the clock in what a launch stores',
    output: 'handoff/wave-1/A1.json',
    launch: true,
    weakening: {
      file: 'wave-plugin/src/core/digest/keys.ts',
      from: '    wave: wave.identity.project,',
      to: '    wave: wave.identity.project + new Date().getFullYear(),',
    },
  },
];
