/** Where each key of the generated files is described: one entry for each, and what it is for. */
export const ciSources = {
  'on.workflow_dispatch':
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax',
  environment:
    'https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments',
  concurrency:
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#concurrency',
  NX_CI_EXECUTION_ID: 'https://nx.dev/docs/reference/environment-variables',
  NX_CLOUD_ORCHESTRATOR_TIMEOUT_MS: 'https://nx.dev/docs/reference/environment-variables',
  NX_CLOUD_AGENT_TIMEOUT_MS: 'https://nx.dev/docs/reference/environment-variables',
  'start-ci-run': 'https://nx.dev/docs/reference/nx-cloud-cli',
  'start-nx-agents': 'https://nx.dev/docs/kb/migrate-to-ci-config',
  'start-workers': 'https://nx.dev/docs/kb/migrate-from-ci-config',
  'complete-ci-run': 'https://nx.dev/docs/kb/heartbeat-and-manual-shutdown-handling',
  'ci-config': 'https://nx.dev/docs/reference/nx-cloud/ci-config',
  'assignment-rules': 'https://nx.dev/docs/kb/assignment-rules',
  'launch-templates': 'https://nx.dev/docs/kb/launch-templates',
} as const;
