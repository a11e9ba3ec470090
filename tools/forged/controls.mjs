/** Negative controls: one look is taken out of the bundled code (never of the product), and what is forged has to come in. */
export const controls = [
  {
    title: 'no digest of the files of a proof',
    only: 'proof store',
    weakening: {
      file: 'wave-plugin/src/edges/store/bundle.ts',
      from: 'if (digest !== (await hashFile(file.absolute)))',
      to: 'if (digest === null)',
    },
  },
  {
    title: 'nothing of elsewhere proved again',
    only: 'shared store',
    weakening: {
      file: 'wave-plugin/src/core/verify/proof-use.ts',
      from: "return foreign === true && ask.trust === 'reprove' ? 'verify' : 'serve';",
      to: "return 'serve';",
    },
  },
  {
    title: 'slices of a gate believed',
    only: 'verdicts and slices',
    weakening: {
      file: 'wave-plugin/src/engine/slices/slices.ts',
      from: 'const altered = read.value.find((slice) => !isJudged(session, verdict.value, slice));',
      to: 'const altered = undefined as (typeof read.value)[number] | undefined;',
    },
  },
];
