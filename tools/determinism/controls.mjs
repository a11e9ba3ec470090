/** Negative controls: one sorting is taken out of the bundled code (never of the product), or made that of a language. */
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
    title: 'ledger entries in the order of the disk',
    output: 'ledger of an agent',
    weakening: {
      file: 'wave-plugin/src/core/state/ledger-view.ts',
      from: 'for (const entry of sortLedger(ledger))',
      to: 'for (const entry of ledger)',
    },
  },
];
