/** Where the JSON Schema of the configuration stands in a workspace that has installed the plugin. */
export const configSchemaPath = './node_modules/@nx-wave/plugin/json-schema/wave-config.schema.json';

/**
 * The `wave.config.json` of a workspace that begins: a wave may close on the proof of its agents alone. What a team asks of its waves
 * later (stewards, components, contracts) is `null`, which is off; a number is the wave from which on it is asked for.
 */
export function startingConfig(executorId: string): Record<string, unknown> {
  return {
    $schema: configSchemaPath,
    version: 1,
    executors: { default: executorId },
    validation: {
      requireContQaFromWave: null,
      requireIntegrationStewardFromWave: null,
      requireDocumentationStewardFromWave: null,
      requireExitContractsFromWave: null,
      requireContext7DeclarationsFromWave: null,
      requireComponentPromotionsFromWave: null,
      requireAgentComponentsFromWave: null,
    },
  };
}
