/** Negative controls: one look is taken out of the bundled code (never of the product), and what is forged has to come in. */
export const controls = [
  {
    title: 'the ownership of a stored slice believed',
    only: 'proof store',
    damage: 'forged, all digests right',
    weakening: {
      file: 'wave-plugin/src/engine/slices/slices.ts',
      from: 'return checkOwnership({ agent, wave: session.wave, changes, artifacts, amendments, ...seen });',
      to: 'return [];',
    },
  },
];
