import { type Stage } from '../vocabulary';

/** Words of the earlier wave system and of its design documents, by the list they belong to; the right side is ours. */
export const formerWords = {
  proof: {
    met: 'satisfied',
    complete: 'satisfied',
    completed: 'satisfied',
    gap: 'partial',
    'not-applicable': 'not_applicable',
    none: 'not_applicable',
  },
  component: { complete: 'met', satisfied: 'met', partial: 'gap', failed: 'gap' },
  docDelta: { 'no-change': 'none', shared: 'shared-plan' },
  integration: {
    clean: 'ready-for-doc-closure',
    ready: 'ready-for-doc-closure',
    'claims-pending': 'needs-more-work',
    'conflicts-pending': 'needs-more-work',
    conflicted: 'needs-more-work',
    conflicts: 'needs-more-work',
    blocked: 'needs-more-work',
    pending: 'needs-more-work',
  },
  docClosure: { complete: 'closed', none: 'no-change', open: 'delta' },
  qa: { fail: 'blocked', failed: 'blocked', passed: 'pass' },
  eval: {
    passed: 'satisfied',
    pass: 'satisfied',
    partial: 'needs-more-work',
    failed: 'blocked',
    'not-run': 'needs-more-work',
  },
  security: { clean: 'clear', pass: 'clear', findings: 'concerns', approved: 'clear' },
  deploy: {
    succeeded: 'healthy',
    success: 'healthy',
    rolledover: 'rolled-back',
    'rolled-over': 'rolled-back',
    'not-applicable': 'not_applicable',
    'in-progress': 'deploying',
  },
  design: { ready: 'ready-for-implementation', complete: 'ready-for-implementation' },
} as const satisfies Record<string, Record<string, string>>;

/** Small letters, `-` for `_` and blanks, then the current word for a former one. Anything but a text stays as it is. */
export function upcastWord(list: keyof typeof formerWords, word: unknown): unknown {
  if (typeof word !== 'string') return word;
  const plain = word.trim().toLowerCase().replace(/[_ ]/g, '-');
  const former: Record<string, string> = formerWords[list];
  return Object.hasOwn(former, plain) ? former[plain] : plain;
}

const formerPhases: Record<string, Stage | 'none'> = {
  running: 'implementation',
  'security-review': 'security',
  integrating: 'integration',
  'docs-closure': 'documentation',
  'cont-qa-closure': 'cont-qa',
  completed: 'none',
};

/** A phase name of the earlier system as a stage (`none` for a completed wave); other words stay. */
export function upcastPhase(phase: string): string {
  return Object.hasOwn(formerPhases, phase) ? (formerPhases[phase] as string) : phase;
}
