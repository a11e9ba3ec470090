/** What git, the checkout and the merge can refuse. */
export const gitFailures = {
  'git-missing': 'git is not installed.',
  'git-too-old': 'git is older than the oldest version that can merge trees.',
  'not-a-repository': 'The workspace is not inside a git repository.',
  'no-commits': 'The repository has no commit yet.',
  'unmerged-index': 'The index has unmerged entries.',
  'git-failed': 'A git command failed in a way that has no code of its own.',
  'checkout-failed': 'The private checkout could not be made.',
  'collect-failed': 'The changes of the agent could not be collected.',
  'nested-repository': 'A folder inside the checkout is a repository of its own.',
  'submodule-empty': 'A submodule is an empty folder in the checkout of an agent.',
  'name-not-utf8': 'An agent made or changed a file whose name is not UTF-8, which no record can hold.',
  'slice-too-large': 'The changes of an agent are larger than a slice may be.',
  'merge-conflict': 'Two slices, or a slice and the base, change the same lines.',
  'uncommitted-changes': 'The working tree has changes of its own where a landing would write.',
  'filter-missing': 'A path needs a filter of git that is not configured here or does not do its work.',
  'uncommitted-ground':
    'The wave was closed on changes of the working tree that no commit holds, so a commit of it would be another result.',
  'operation-in-progress': 'A merge, rebase or other git operation is not finished, or holds the index.',
  'branch-exists': 'The branch that a landing should make is there already, or its name is none.',
  'landing-failed': 'A landing could not be completed and was taken back.',
  'merge-red': 'The merged tree fails a proof command although each slice passed alone.',
} as const;
