/** A wave file that uses every section, for specs that change one thing in it. */
export const fullWave = `# Wave 7 - Read every sensor once

**Commit message**: \`feat: read sensors in one pass\`

Some prose of the author.

## Depends on

- wave-6

## Component promotions

- sensor-reader: baseline-proved
- sensor-store: repo-landed

## Deploy environments

- staging: docker-compose default (the shared box)
- \`prod\`: \`kubernetes\`

## Eval targets

- id: latency | selection: pinned | benchmarks: cold-start,warm-start | objective: Stay fast | threshold: below 50 ms
- id: recall | selection: delegated | benchmark-family: quality | objective: Miss nothing | threshold: no misses

## Context7 defaults

- bundle: typescript
- query: "streams and back-pressure"

## Agent A1: Sensor reader

### Executor

- id: codex
- model: gpt-5-codex
- fallbacks: claude, opencode
- tags: fast,cheap
- budget.minutes: 45
- budget.usd: 2.50
- codex.sandbox: workspace-write
- codex.json: true
- codex.add_dirs: libs/io,libs/base
- local.command: node tools/agent.mjs "first pass"

### Context7

- bundle: none

### Components

- sensor-reader

### Capabilities

- schema-migration

### Skills

- role-reader

### Exit contract

- completion: integrated
- durability: durable
- proof: integration
- doc-impact: owned

### Deliverables

- src/reader/index.ts
- src/reader/read.spec.ts

### Proof artifacts

- path: .tmp/proof/readings.json | kind: dump | required-for: baseline-proved,pilot-live
- .tmp/proof/summary.txt

### Proof commands

- npx jest src/reader
- \`node tools/check.mjs\`

### Prompt

\`\`\`text
Read each sensor once.

Required context before coding:
- Read docs/reading.md, and docs/sensors/list.md (the table).

File ownership (only touch these paths):
- src/reader/
- \`.tmp/proof/readings.json\`
- .tmp/proof/summary.txt

Notes:
- never poll
\`\`\`

## Agent A2: Sensor store

### Executor

- profile: implement-fast
- retry-policy: sticky

### Components

- sensor-store

### Depends on

- A1

### Prompt

\`\`\`
Keep what was read.

File ownership:
- src/store/
\`\`\`

## Agent A9: Documentation

### Role prompts

- docs/agents/wave-documentation-role.md

### Executor

- id: claude
- claude.allowed_tools: Read,Edit
- claude.max_turns: 20
- claude.settings_json: {"permissions":{"allow":["Read"]}}

### Prompt

~~~
Write it down.

File ownership:
- docs/plans/current-state.md
~~~

## Agent A0: Continuous QA

### Role prompts

- docs/agents/wave-cont-qa-role.md

### Prompt

\`\`\`\`markdown
Judge the wave. Put findings in a block:

\`\`\`text
File ownership:
- not/owned.md
\`\`\`

File ownership:
- docs/reviews/wave-7.md
\`\`\`\`

## Notes

- after the agents
`;
