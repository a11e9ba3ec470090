/** A wave that owes nothing to its workspace, and the files of that workspace; specs break one thing in them. */
export const validWave = `# Wave 7 - Read every sensor once

## Component promotions

- sensor-reader: pilot-live

## Eval targets

- id: recall | selection: pinned | benchmark-family: quality | benchmarks: holdout | objective: Miss nothing | threshold: none

## Context7 defaults

- bundle: typescript

## Agent D1: Sensor design

### Role prompts

- docs/agents/wave-design-role.md

### Context7

- bundle: none

### Prompt

\`\`\`text
Read docs/house-rules.md. Decide the format.

File ownership:
- docs/design/sensors.md
\`\`\`

## Agent A1: Sensor reader

### Context7

- bundle: none

### Components

- sensor-reader

### Exit contract

- completion: live
- durability: durable
- proof: live
- doc-impact: owned

### Proof artifacts

- .tmp/proof/readings.json

### Skills

- reader

### Prompt

\`\`\`text
Read docs/house-rules.md. Read each sensor once.

File ownership:
- src/reader/
- .tmp/proof/readings.json
\`\`\`

## Agent E0: Evaluation

### Role prompts

- docs/agents/wave-cont-eval-role.md

### Context7

- bundle: none

### Prompt

\`\`\`text
Read docs/house-rules.md. Measure.

File ownership:
- docs/reviews/wave-7-eval.md
\`\`\`

## Agent S1: Safety

### Role prompts

- docs/agents/wave-security-role.md

### Context7

- bundle: none

### Prompt

\`\`\`text
Read docs/house-rules.md. Look for leaks.

File ownership:
- docs/reviews/wave-7-security.md
\`\`\`

## Agent A8: Integration

### Role prompts

- docs/agents/wave-integration-role.md

### Context7

- bundle: none

### Prompt

\`\`\`text
Read docs/house-rules.md. Fit it together.

File ownership:
- docs/reviews/wave-7-integration.md
\`\`\`

## Agent A9: Documentation

### Role prompts

- docs/agents/wave-documentation-role.md

### Context7

- bundle: none

### Prompt

\`\`\`text
Read docs/house-rules.md. Write it down.

File ownership:
- docs/plans/current-state.md
- docs/plans/component-cutover-matrix.md
- docs/plans/component-cutover-matrix.json
\`\`\`

## Agent A0: Continuous QA

### Role prompts

- docs/agents/wave-cont-qa-role.md

### Context7

- bundle: none

### Prompt

\`\`\`text
Read docs/house-rules.md. Judge.

File ownership:
- docs/reviews/wave-7-qa.md
\`\`\`
`;

const standing = '# Role\n\n## Standing prompt\n\n```text\nBe thorough.\n```\n';

const roleFiles = ['design', 'cont-eval', 'security', 'integration', 'documentation', 'cont-qa'].map(
  (role): [string, string] => [`docs/agents/wave-${role}-role.md`, standing],
);

/** The configuration of that workspace. */
export const validConfig = {
  sharedPlanDocs: ['docs/plans/current-state.md'],
  validation: { requiredPromptReferences: ['docs/house-rules.md'], requireIntegrationStewardFromWave: 0 },
  runtimePolicy: { runtimeMixTargets: { codex: 7 } },
};

/** Its files, by path. */
export const validFiles: Readonly<Record<string, string>> = {
  ...Object.fromEntries(roleFiles),
  'skills/reader/SKILL.md': '# Reading',
  'docs/plans/component-cutover-matrix.json': JSON.stringify({
    version: 1,
    levels: ['repo-landed', 'baseline-proved', 'pilot-live', 'qa-proved'],
    components: {
      'sensor-reader': { currentLevel: 'repo-landed', promotions: [{ wave: 7, target: 'pilot-live' }] },
      'sensor-store': { currentLevel: 'repo-landed', promotions: [{ wave: 8, target: 'pilot-live' }] },
    },
  }),
  'docs/plans/component-cutover-matrix.md':
    '| Component | Current level | Next |\n|---|---|---|\n| `sensor-reader` | repo-landed | pilot-live |\n| sensor-store | repo-landed | |\n',
  'docs/evals/benchmark-catalog.json': JSON.stringify({
    version: 1,
    families: {
      quality: { title: 'Quality', benchmarks: { holdout: {} } },
      speed: {
        title: 'Speed',
        primaryMetric: { id: 'ms', direction: 'lower-is-better' },
        benchmarks: { cold: {} },
      },
    },
  }),
  'docs/context7/bundles.json': JSON.stringify({
    version: 1,
    defaultBundle: 'none',
    laneDefaults: { beta: 'typescript' },
    bundles: {
      none: {},
      typescript: { description: 'TS', libraries: [{ libraryName: 'typescript', queryHint: 'strict' }] },
    },
  }),
};
