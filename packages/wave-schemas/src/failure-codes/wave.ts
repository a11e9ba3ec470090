/** What can be wrong in a wave file or in the configuration. */
export const waveFailures = {
  'wave-invalid-filename': 'The file is not named wave-<number>.md.',
  'wave-unreadable': 'The wave file could not be read.',
  'wave-no-agents': 'The wave names no agent.',
  'wave-duplicate-project': 'Another wave file gives the same project name and keeps it.',
  'config-unreadable': 'wave.config.json is not valid JSON or not an object.',
  'config-unknown-key': 'wave.config.json has keys that nothing reads.',
  'config-invalid-value': 'A value in wave.config.json has the wrong type or is out of range.',
} as const;
