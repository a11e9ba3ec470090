import type { CloudForm } from './cloud-form';
import { ciSources } from './sources';

/** What the files of a workspace's CI are made of. */
export interface CiInput {
  /** The Nx project of the lane: `waves`. */
  lane: string;
  /** Null where tasks stay on the machine of the job. */
  cloud: { form: CloudForm; machines: number } | null;
  packageManager: 'npm' | 'pnpm' | 'yarn';
  node: string;
  /** Variables that agent programs log in with; secrets of the environment `waves`. */
  secrets: readonly string[];
  /** One command line that installs the agent programs; null where nothing has to be. */
  setup: string | null;
  /** Where runs write: `.tmp`. */
  stateRoot: string;
}

export interface CiFile {
  path: string;
  body: string;
}

/** Machines of Nx Cloud that agents run on, by their launch template. */
export const agentTemplate = 'wave-agents';
export const workflowPath = '.github/workflows/waves.yml';
export const templatePath = '.nx/workflows/wave-agents.yaml';
export const ciConfigPath = '.nx/ci-config.yaml';
/** Longer than any agent runs: Nx Cloud gives up after an hour otherwise. */
const cloudTimeoutMs = 6 * 3_600_000;

const installs: Record<CiInput['packageManager'], { install: string; run: string }> = {
  npm: { install: 'npm ci', run: 'npx' },
  pnpm: { install: 'corepack enable && pnpm install --frozen-lockfile', run: 'pnpm exec' },
  yarn: { install: 'corepack enable && yarn install --immutable', run: 'yarn' },
};

/** Every file, in the order of their paths. */
export function ciFiles(input: CiInput): CiFile[] {
  const files = [{ path: workflowPath, body: workflow(input) }];
  const { cloud } = input;
  if (cloud !== null) {
    files.push({ path: templatePath, body: launchTemplate(input) });
    if (cloud.form !== 'flags') files.push({ path: ciConfigPath, body: ciConfig(input, cloud.machines) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function workflow(input: CiInput): string {
  return `# Verified on every pull request; paid for only when a person starts it and the environment \`waves\` lets them.
# ${ciSources['on.workflow_dispatch']}
name: Waves
on:
  pull_request:
  workflow_dispatch:
    inputs:
      wave:
        description: 'The Nx project of the wave: wave-3'
        required: true
        type: string
permissions:
  contents: read
jobs:
${verifyJob(input)}${launchJob(input)}`;
}

function verifyJob(input: CiInput): string {
  const { run } = installs[input.packageManager];
  return `  verify:
    name: Verify
    runs-on: ubuntu-latest
    timeout-minutes: 30
    env:
      # Nothing that costs money runs here, whatever the pull request changes.
      NX_WAVE_RUN: never
    steps:
${checkoutSteps(input)}
      - name: Wave files
        run: ${run} nx run ${input.lane}:lint-waves
      - name: Where the waves stand
        run: ${run} nx run ${input.lane}:status
`;
}

function launchJob(input: CiInput): string {
  const { lane, stateRoot } = input;
  const { run } = installs[input.packageManager];
  return `  launch:
    name: Launch
    if: github.event_name == 'workflow_dispatch'
    runs-on: ubuntu-latest
    timeout-minutes: 360
    # Protect it: required reviewers, and the branches that may use its secrets.
    # ${ciSources.environment}
    environment: waves
    # One launch of a wave at a time, and none is cut off by the next one.
    # ${ciSources.concurrency}
    concurrency:
      group: waves-\${{ inputs.wave }}
      cancel-in-progress: false
    env:
      NX_WAVE_RUN: auto
      # A re-run is another run: what failed before may be asked again. ${ciSources.NX_CI_EXECUTION_ID}
      NX_CI_EXECUTION_ID: \${{ github.run_id }}-\${{ github.run_attempt }}
${cloudEnvironment(input)}    steps:
${checkoutSteps(input)}
${cloudStart(input)}      - name: A cage for agents
        run: sudo apt-get update -qq && sudo apt-get install -y -qq bubblewrap socat
${setupStep(input)}${keyStep}      - name: What this machine lacks
        run: ${run} nx run ${lane}:doctor${noDistribution(input)}
      - name: Launch
        env:
          # By a variable: what somebody types in is no part of a command.
          WAVE: \${{ inputs.wave }}
${secretLines(input, '          ')}        run: ${run} nx run "$WAVE:launch" --outputStyle=static
      - name: Keep what it rests on
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: waves-\${{ github.run_id }}-\${{ github.run_attempt }}
          path: ${stateRoot}/*-wave-launcher
          # Folders that begin with a dot are left out otherwise.
          include-hidden-files: true
          if-no-files-found: ignore
${cloudEnd(input)}`;
}

const keyStep = `      - name: A key to sign with
        env:
          WAVE_SIGNING_KEY: \${{ secrets.WAVE_SIGNING_KEY }}
        run: |
          if [ -n "$WAVE_SIGNING_KEY" ]; then
            (umask 077 && printf '%s\\n' "$WAVE_SIGNING_KEY" > "$RUNNER_TEMP/wave-signing-key")
            echo "NX_WAVE_SIGNING_KEY=$RUNNER_TEMP/wave-signing-key" >> "$GITHUB_ENV"
          fi
`;

function checkoutSteps({ packageManager, node }: CiInput): string {
  return `      - uses: actions/checkout@v4
        with:
          # Bases and signers are read from commits.
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: '${node}'
      - name: Install
        run: ${installs[packageManager].install}`;
}

function setupStep({ setup }: CiInput): string {
  return setup === null ? '' : `      - name: Agent programs\n        run: |\n          ${setup}\n`;
}

function secretLines({ secrets }: CiInput, indent: string): string {
  return secrets.map((name) => `${indent}${name}: \${{ secrets.${name} }}\n`).join('');
}

/** Commands that belong to the machine of the job. */
function noDistribution({ cloud }: CiInput): string {
  return cloud === null ? '' : ' --no-agents';
}

function cloudEnvironment(input: CiInput): string {
  if (input.cloud === null) return '';
  return `      NX_CLOUD_ACCESS_TOKEN: \${{ secrets.NX_CLOUD_ACCESS_TOKEN }}
      # Nx Cloud gives up after an hour without a finished task. ${ciSources.NX_CLOUD_ORCHESTRATOR_TIMEOUT_MS}
      NX_CLOUD_ORCHESTRATOR_TIMEOUT_MS: '${cloudTimeoutMs}'
      NX_CLOUD_AGENT_TIMEOUT_MS: '${cloudTimeoutMs}'
`;
}

function cloudStart(input: CiInput): string {
  const { cloud } = input;
  if (cloud === null) return '';
  const { run } = installs[input.packageManager];
  const passed = passedVariables(input);
  const command =
    cloud.form === 'flags'
      ? [
          `${run} nx-cloud start-ci-run`,
          `--distribute-on="${cloud.machines} ${agentTemplate}"`,
          '--stop-agents-on-failure=false',
          '--require-explicit-completion',
          '--fix-tasks="!*agent-*"',
          ...(passed.length === 0 ? [] : [`--with-env-vars="${passed.join(',')}"`]),
        ].join(' ')
      : `${run} nx-cloud ${cloud.form === 'workers' ? 'start-workers' : 'start-nx-agents'}`;
  const source =
    ciSources[
      cloud.form === 'flags' ? 'start-ci-run' : cloud.form === 'workers' ? 'start-workers' : 'start-nx-agents'
    ];
  const env = secretLines(input, '          ');
  return `      # ${source}
      - name: Machines of Nx Cloud
${env === '' ? '' : `        env:\n${env}`}        run: ${command}
`;
}

function cloudEnd(input: CiInput): string {
  if (input.cloud === null) return '';
  const { run } = installs[input.packageManager];
  return `      # Without a heartbeat nobody else ends the run. ${ciSources['complete-ci-run']}
      - name: End the run of Nx Cloud
        if: always()
        run: ${run} nx-cloud complete-ci-run
`;
}

/** Variables that begin with \`NX_\` are passed on anyway. */
function passedVariables({ secrets }: CiInput): string[] {
  return secrets.filter((name) => !name.startsWith('NX_'));
}

function ciConfig(input: CiInput, machines: number): string {
  const passed = passedVariables(input);
  return `# ${ciSources['ci-config']}
lifecycle:
  # One agent that fails does not stop its siblings: their work is paid for already.
  fail-after: 0
  # A hiccup of the main job would abandon running agents.
  heartbeat: false
dte:
  distribute-on: ${machines} ${agentTemplate}
  # ${ciSources['assignment-rules']}
  assignment-rules:
    - targets:
        - agent-*
      run-on:
        - agent: ${agentTemplate}
          parallelism: 1
${passed.length === 0 ? '' : `nx-agents:\n  with-env-vars:\n${passed.map((name) => `    - ${name}\n`).join('')}`}ai:
  # Nothing else writes into the work of an agent.
  fix-tasks-patterns:
    - '!*agent-*'
`;
}

function launchTemplate({ packageManager, setup }: CiInput): string {
  return `# ${ciSources['launch-templates']}
launch-templates:
  ${agentTemplate}:
    resource-class: docker_linux_amd64/medium
    image: ubuntu22.04-node20.19-v3
    # An agent may think for longer than ten minutes without a word.
    no-output-timeout: '0'
    init-steps:
      - name: Checkout
        uses: nrwl/nx-cloud-workflows/v6/workflow-steps/checkout/main.yaml
      - name: Install
        script: ${installs[packageManager].install}
      - name: A cage for agents
        script: sudo apt-get update -qq && sudo apt-get install -y -qq bubblewrap socat
${setup === null ? '' : `      - name: Agent programs\n        script: |\n          ${setup}\n`}`;
}
