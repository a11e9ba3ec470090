/** What stands against closing besides what the gates say: their codes are declared by each gate, in `gates/`. */
export const closureFailures = {
  'gate-failed': 'A gate has no more precise code for its refusal.',
  'merged-tree-unproven': 'The merged tree of the wave has not been proved.',
  'verdict-chain-broken': 'A verdict was given on another verdict than the one before it.',
  'bundle-mismatch': 'A proof bundle holds another result than the one that was judged.',
} as const;
