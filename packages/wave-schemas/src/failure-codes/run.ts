/** What can stop a command outside a single agent: state, store, lease, disk, Nx. */
export const runFailures = {
  'state-unwritable': 'The state root or the git common directory cannot be written.',
  'disk-full': 'There is no space left on the device.',
  'bundle-invalid': 'A proof bundle does not match its manifest.',
  'bundle-missing': 'No proof bundle with that result is on this machine.',
  'handoff-missing': 'A gate ran, but one of its agents has left no handoff.',
  'handoff-stale': 'The handoff of an agent belongs to another version of its spec.',
  'verdict-missing': 'A verdict that this step builds on is not there.',
  'closure-missing': 'The wave has not been closed.',
  'lease-failed': 'The lease of an agent could not be taken.',
  'option-invalid': 'An option of the command is missing or has a wrong value.',
  'workspace-setup-failed': 'A command of workspace.setup failed in the checkout.',
  'ledger-entry-invalid': 'A file in the ledger folder is no ledger entry.',
  'internal-error': 'A defect of nx-wave itself.',
} as const;
