import { type DeployEnvironment, type Promotion } from '@nx-wave/schemas';
import { type AgentChoices } from './draft-wave';
import { stewardProgram, workerProgram, type WrittenFile } from './local-programs';

export const templateIds = ['implementation', 'qa', 'infra', 'release'] as const;
export type TemplateId = (typeof templateIds)[number];

/** Where a new wave stands, and what is asked of it. */
export interface TemplateInput {
  wave: number;
  executorId: string;
  /** Whether the executor starts a program of the workspace, which is then written too. */
  local: boolean;
  /** Workspace-relative folder of the programs of this wave. */
  programDir: string;
  docsDir: string;
  sharedPlanDocs: readonly string[];
  launcherDir: string;
  /** What the first agent does and owns; null where the template's own example is meant. */
  work: {
    task: string;
    owns: readonly string[];
    deliverables: readonly string[];
    proofCommands: readonly string[];
  } | null;
  stewards: boolean;
  /** Components that the first agent works on, and how far the wave lifts them. */
  promotions: readonly Promotion[];
  /** The component matrix, which the documentation steward keeps. */
  matrix: { path: string; page: string };
}

/** What a template makes: agents, the programs of those that are local, and where the wave may be rolled out. */
export interface TemplateOutput {
  agents: AgentChoices[];
  programs: { path: string; text: string }[];
  deployEnvironments: DeployEnvironment[];
}

/** An example of work that needs no model: what is asked for, and the files that answer it. */
interface Example {
  title: string;
  capabilities: string[];
  task: string;
  files: WrittenFile[];
  proofCommands: string[];
  detail: string;
}

const greeting = (folder: string): Example => ({
  title: 'Greeting',
  capabilities: [],
  task: 'Write greet(name), which returns a friendly line, and a test for it. An empty name is greeted as "friend".',
  files: [
    {
      path: `${folder}/greet.mjs`,
      lines: ['export function greet(name) {', "  return `Hello, ${name.trim() || 'friend'}!`;", '}'],
    },
    {
      path: `${folder}/greet.test.mjs`,
      lines: [
        "import assert from 'node:assert/strict';",
        "import { test } from 'node:test';",
        "import { greet } from './greet.mjs';",
        '',
        "test('greets by name, and a stranger as friend', () => {",
        "  assert.equal(greet('Ada'), 'Hello, Ada!');",
        "  assert.equal(greet(' '), 'Hello, friend!');",
        '});',
      ],
    },
  ],
  proofCommands: [`node --test ${folder}/greet.test.mjs`],
  detail: 'greet() and its test are there.',
});

const checks = (folder: string): Example => ({
  title: 'Tests',
  capabilities: [],
  task: 'Write a test that holds what the workspace promises its users: its package.json can be read and has a name.',
  files: [
    {
      path: `${folder}/workspace.test.mjs`,
      lines: [
        "import assert from 'node:assert/strict';",
        "import { readFileSync } from 'node:fs';",
        "import { test } from 'node:test';",
        '',
        "test('the workspace has a name', () => {",
        "  assert.notEqual(JSON.parse(readFileSync('package.json', 'utf8')).name ?? '', '');",
        '});',
      ],
    },
  ],
  proofCommands: [`node --test ${folder}/workspace.test.mjs`],
  detail: 'The test is there.',
});

const health = (folder: string): Example => ({
  title: 'Health check',
  capabilities: ['infra'],
  task: 'Write isHealthy(status), which is true for the HTTP codes 200 to 299, and a test for it.',
  files: [
    {
      path: `${folder}/health.mjs`,
      lines: ['export function isHealthy(status) {', '  return status >= 200 && status < 300;', '}'],
    },
    {
      path: `${folder}/health.test.mjs`,
      lines: [
        "import assert from 'node:assert/strict';",
        "import { test } from 'node:test';",
        "import { isHealthy } from './health.mjs';",
        '',
        "test('only the codes of success are healthy', () => {",
        '  assert.deepEqual([199, 200, 299, 300].map(isHealthy), [false, true, true, false]);',
        '});',
      ],
    },
  ],
  proofCommands: [`node --test ${folder}/health.test.mjs`],
  detail: 'isHealthy() and its test are there.',
});

const notes = (folder: string): Example => ({
  title: 'Release notes',
  capabilities: [],
  task: 'Write the release notes: what changes for whoever uses this, one line each.',
  files: [
    { path: `${folder}/NOTES.md`, lines: ['# Release notes', '', '- The first wave of this workspace.'] },
  ],
  proofCommands: [`grep -q "^- " ${folder}/NOTES.md`],
  detail: 'The notes are there.',
});

const examples: Record<TemplateId, (folder: string) => Example> = {
  implementation: greeting,
  qa: checks,
  infra: health,
  release: notes,
};

/** Title of a wave that names none. */
export const templateTitles: Record<TemplateId, string> = {
  implementation: 'A greeting',
  qa: 'More tests',
  infra: 'A health check',
  release: 'A release',
};

/** The agents of a wave of a template, and their programs where they are local. */
export function fillTemplate(template: TemplateId, input: TemplateInput): TemplateOutput {
  const example = examples[template](`examples/wave-${input.wave}`);
  const worker = workerOf(example, input);
  const promised = worker.agent.deliverables ?? [];
  const more = [
    ...(template === 'release' ? [rolloutOf(input)] : []),
    ...(input.stewards ? stewardsOf(input, promised) : template === 'qa' ? [reviewOf(input, promised)] : []),
  ];
  const made = [worker, ...more];
  return {
    agents: made.map(({ agent }) => agent),
    programs: made.flatMap(({ agent, program }) =>
      program === null ? [] : [{ path: programPath(input, agent.agentId), text: program }],
    ),
    deployEnvironments:
      template === 'release' ? [{ id: 'staging', kind: 'custom', isDefault: true, notes: null }] : [],
  };
}

/** Where the program of an agent stands. */
export function programPath({ programDir }: Pick<TemplateInput, 'programDir'>, agentId: string): string {
  return `${programDir}/${agentId.toLowerCase()}.mjs`;
}

interface Made {
  agent: AgentChoices;
  program: string | null;
}

function made(
  input: TemplateInput,
  agent: Omit<AgentChoices, 'executorId' | 'command'>,
  program: string,
): Made {
  const command = input.local ? `node ${programPath(input, agent.agentId)}` : null;
  return {
    agent: { ...agent, executorId: input.executorId, command },
    program: input.local ? program : null,
  };
}

function workerOf(example: Example, input: TemplateInput): Made {
  const { wave, work, promotions } = input;
  const paths = example.files.map(({ path }) => path);
  const chosen = work ?? {
    task: example.task,
    owns: paths,
    deliverables: paths,
    proofCommands: example.proofCommands,
  };
  const { title, capabilities, detail, files } = example;
  return made(
    input,
    {
      agentId: 'A1',
      title: work === null ? title : 'Work',
      capabilities,
      components: promotions.map(({ componentId }) => componentId),
      ...chosen,
    },
    workerProgram(
      { agentId: 'A1', wave },
      {
        ...(work === null ? { detail, files } : { detail: 'Say here what was done.', files: [] }),
        components: promotions,
      },
    ),
  );
}

function rolloutOf(input: TemplateInput): Made {
  const path = `examples/wave-${input.wave}/ROLLOUT.md`;
  const payload =
    "{ deployState: { state: 'not_applicable', environment: null, healthCheck: null, rolloutArtifact: null, detail } }";
  return made(
    input,
    {
      agentId: 'A2',
      title: 'Rollout',
      capabilities: ['deploy'],
      dependsOn: ['A1'],
      owns: [path],
      deliverables: [path],
      task: 'Roll the release out to staging, look at its health, and write down what was done. Where nothing can be rolled out, say so.',
    },
    stewardProgram({ agentId: 'A2', wave: input.wave }, { report: path, promised: [], payload }),
  );
}

function reviewOf(input: TemplateInput, promised: readonly string[]): Made {
  const report = `${input.docsDir}/plans/waves/reviews/wave-${input.wave}-cont-qa.md`;
  const payload = [
    '{',
    "  verdict: { verdict: missing.length === 0 ? 'pass' : 'blocked', detail, owners: missing.length === 0 ? [] : ['A1'] },",
    "  gateClaims: { architecture: 'pass', integration: missing.length === 0 ? 'pass' : 'blocked', durability: 'pass', live: 'pass', docs: 'pass' },",
    '}',
  ].join('\n');
  return made(
    input,
    {
      agentId: 'A0',
      title: 'cont-QA',
      owns: [report],
      deliverables: [report],
      task: 'Judge the whole wave on the merged result: is everything there that it promises, and is it good? Name the paths you looked at.',
    },
    stewardProgram({ agentId: 'A0', wave: input.wave }, { report, promised, payload }),
  );
}

function stewardsOf(input: TemplateInput, promised: readonly string[]): Made[] {
  const { wave, docsDir, launcherDir, sharedPlanDocs, promotions, matrix } = input;
  const kept = promotions.length === 0 ? [] : [matrix.path, matrix.page];
  const joined = `${launcherDir}/integration/wave-${wave}.md`;
  const closure = `${docsDir}/plans/waves/reviews/wave-${wave}-documentation.md`;
  return [
    made(
      input,
      {
        agentId: 'A8',
        title: 'Integration',
        owns: [joined],
        task: 'Judge whether the slices fit together. Name the agents whose work has to change, and the paths you looked at.',
      },
      stewardProgram(
        { agentId: 'A8', wave },
        {
          report: joined,
          promised,
          payload:
            "{ integrationState: { state: missing.length === 0 ? 'ready-for-doc-closure' : 'needs-more-work', claims: promised.length, conflicts: 0, blockers: 0, owners: missing.length === 0 ? [] : ['A1'], detail } }",
        },
      ),
    ),
    made(
      input,
      {
        agentId: 'A9',
        title: 'Documentation',
        owns: [...sharedPlanDocs, ...kept, closure],
        task:
          kept.length === 0
            ? 'Bring the shared plan documents to where the code is, where they have to change.'
            : 'Bring the shared plan documents, the component matrix and its page to where the code is.',
      },
      stewardProgram(
        { agentId: 'A9', wave },
        {
          report: closure,
          promised,
          payload: `{ docClosure: { state: 'closed', paths: [${JSON.stringify(closure)}], detail } }`,
          matrix: kept.length === 0 ? null : { ...matrix, promotions },
        },
      ),
    ),
    reviewOf(input, promised),
  ];
}
