/** Unit tests sit beside the code (`*.spec.ts`); `*.e2e.spec.ts` run real git, Nx and processes. */
module.exports = {
  testEnvironment: '<rootDir>/tools/jest/environment.cjs',
  roots: ['<rootDir>/packages', '<rootDir>/tools'],
  // Real git, Nx and processes on a loaded machine: a slow test is no failed one, only one that hangs.
  testTimeout: 600_000,
  testMatch: ['**/*.spec.ts'],
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.jest.json' }],
  },
  moduleNameMapper: {
    // An ES module, which jest would only import under a flag of Node.
    '^execa$': '<rootDir>/tools/jest/execa.cjs',
    '^fast-check$': '<rootDir>/tools/jest/fast-check.cjs',
    '^@nx-wave/schemas$': '<rootDir>/packages/wave-schemas/src/index.ts',
    '^@nx-wave/schemas/(.*)$': '<rootDir>/packages/wave-schemas/src/$1',
    '^@nx-wave/plugin$': '<rootDir>/packages/wave-plugin/src/index.ts',
    '^@nx-wave/plugin/core$': '<rootDir>/packages/wave-plugin/src/core.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.tmp/'],
  testSequencer: '<rootDir>/tools/longest-first.cjs',
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};
