const source = 'packages/wave-plugin/src';
const core = `${source}/core`;

/** What decides, by area: the files that are changed, and the unit tests that have to notice. */
export const areas = [
  {
    name: 'keys',
    mutate: [`${core}/digest/*.ts`, `${core}/state/ledger-view.ts`, `${core}/verify/proof-use.ts`],
    specs: [`${core}/digest/*.spec.ts`, `${core}/state/ledger*.spec.ts`, `${core}/verify/proof-use.spec.ts`],
  },
  {
    name: 'ownership',
    mutate: [
      `${core}/runner-paths.ts`,
      `${core}/parse/paths.ts`,
      `${core}/verify/check-ownership.ts`,
      `${core}/verify/owned-paths.ts`,
      `${core}/verify/grantable-paths.ts`,
    ],
    specs: [
      `${core}/runner-paths.spec.ts`,
      `${core}/parse/*.spec.ts`,
      `${core}/resolve/overlapping-ownership.spec.ts`,
      `${core}/verify/*.spec.ts`,
    ],
  },
  {
    name: 'verify',
    mutate: [
      `${core}/verify/adopted-envelope.ts`,
      `${core}/verify/check-claims.ts`,
      `${core}/verify/check-files.ts`,
      `${core}/verify/check-proof-commands.ts`,
      `${core}/verify/check-questions.ts`,
      `${core}/verify/check-secrets.ts`,
      `${core}/verify/merged-links.ts`,
      `${core}/verify/network-need.ts`,
      `${core}/verify/proof-ground.ts`,
      `${core}/verify/proof-source.ts`,
      `${core}/verify/proof-writes.ts`,
      `${core}/verify/slice-failure.ts`,
      `${core}/verify/slice-waivers.ts`,
      `${core}/verify/symlink-target.ts`,
      `${core}/verify/verify-slice.ts`,
    ],
    specs: [`${core}/verify/*.spec.ts`],
  },
  {
    name: 'strength of proof',
    mutate: [
      `${core}/verify/check-strength.ts`,
      `${core}/resolve/proof-strength.ts`,
      `${core}/parse/proof-strength.ts`,
    ],
    specs: [`${core}/verify/*.spec.ts`, `${core}/resolve/proof-strength.spec.ts`, `${core}/parse/*.spec.ts`],
  },
  {
    name: 'retry planner',
    mutate: [`${core}/retry/*.ts`, `${core}/paid-attempts.ts`],
    specs: [`${core}/retry/*.spec.ts`, `${core}/paid-attempts.spec.ts`],
  },
  {
    name: 'gates',
    mutate: [`${source}/gates/*.ts`],
    specs: [`${source}/gates/*.spec.ts`],
  },
];
