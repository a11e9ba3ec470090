import type { GateReason } from '@nx-wave/schemas';
import { sortLedger } from '../state/ledger';
import { unsafeCages } from './cages';
import { againstClosing, withoutQuote } from './against-closing';
import { isLoweredUnsaid } from './lowered';
import { provingAttempt, type ReportInput } from './report/report-input';
import { usersHomeTold } from '../verify/proof-ground';

/** `error` stands against closing; `warning` is to be looked at before landing; `note` is good to know. */
export type FindingLevel = 'error' | 'warning' | 'note';

/** One thing that whoever decides about landing should know. */
export interface Finding {
  level: FindingLevel;
  /** Code of the failure, of the gate's reason, or of the kind of finding. */
  code: string;
  message: string;
  agentIds: string[];
  /** Workspace-relative. */
  paths: string[];
}

/** Codes that no failure and no gate has. */
export const findingCodes = {
  'agent-gap': 'What an agent itself says is missing.',
  'agent-risk': 'A risk that an agent itself sees in its work.',
  'proof-lowered': 'Less proof is asked of an agent than usual, and nobody says why.',
  'proof-home-user': 'Proof commands worked with the home folder of a person.',
  'no-cage': 'No cage stood around an agent or its proof commands.',
  'gate-waived': 'A person decided that a finding of a gate does not count.',
} as const;

/**
 * Everything to know before landing, in the order in which a person should read it: what stands against closing, then what is
 * weaker than it looks, then what the agents say themselves.
 */
export function findingsOf(input: ReportInput): Finding[] {
  const { state, closure } = input;
  const advisories = state.landed ? closure.advisories : state.advisories;
  const found: Finding[] = [
    ...againstClosing(input).map((reason): Finding => ({
      ...fromReason(reason),
      level: reason.repair === 'wait' ? 'note' : 'error',
    })),
    ...advisories.map((reason): Finding => ({ ...fromReason(reason), level: 'warning' })),
    ...ofStrength(input),
    ...ofGround(input),
    ...ofAgents(input),
    ...waived(input),
  ];
  const levels: FindingLevel[] = ['error', 'warning', 'note'];
  return levels.flatMap((level) => found.filter((one) => one.level === level));
}

function fromReason(reason: GateReason): Omit<Finding, 'level'> {
  const { code, agentIds, paths, command, detail } = reason;
  const [first = ''] = detail.trimEnd().split('\n');
  const message = `${withoutQuote(first)}${command === null ? '' : ` [${command}]`}`.replace(/\s+/g, ' ');
  return { code, message, agentIds: [...agentIds], paths: [...paths] };
}

/** What the proof of landing work is not worth. */
function ofStrength(input: ReportInput): Finding[] {
  return input.wave.agents.flatMap((agent): Finding[] => {
    const { unitId } = agent;
    const { strength, proofCommands = [] } = provingAttempt(input, unitId)?.predicate ?? {};
    if (strength === undefined || (proofCommands.length === 0 && !agent.implementationOwning)) return [];
    const { unmeasured, findings, reason, asked } = strength;
    const about = { agentIds: [unitId], paths: [], level: 'warning' as const };
    return [
      ...findings.map(({ code, message, paths }): Finding => ({
        ...about,
        code,
        message,
        paths: [...paths],
      })),
      ...(unmeasured === null || asked === 'exit'
        ? []
        : [
            {
              ...about,
              code: 'proof-unmeasured',
              message: `What its proof is worth is not measured: ${unmeasured}`,
            },
          ]),
      ...(isLoweredUnsaid(agent.proofStrength)
        ? [
            {
              ...about,
              code: 'proof-lowered',
              message: `Only ${asked} is asked of its proof, and nobody says why.`,
            },
          ]
        : []),
      ...(asked === 'exit' && reason !== null
        ? [
            {
              ...about,
              level: 'note' as const,
              code: 'proof-lowered',
              message: `Nothing of its proof is measured, with the reason: ${reason}`,
            },
          ]
        : []),
    ];
  });
}

/** Where agents and their proof commands worked. */
function ofGround(input: ReportInput): Finding[] {
  const proving = input.wave.agents.flatMap(({ unitId }) => provingAttempt(input, unitId) ?? []);
  const home = proving.filter(({ predicate }) => predicate.proofHome === 'user');
  const byWords = new Map<string, string[]>();
  for (const { unitId, words } of unsafeCages(input))
    byWords.set(words, [...(byWords.get(words) ?? []), unitId]);
  return [
    ...(home.length === 0
      ? []
      : [
          {
            level: 'warning' as const,
            code: 'proof-home-user',
            message: usersHomeTold,
            agentIds: home.map(({ predicate }) => predicate.agentId),
            paths: [],
          },
        ]),
    ...[...byWords].map(([words, agentIds]): Finding => ({
      level: 'warning',
      code: 'no-cage',
      message: `No cage stood around it: ${words.replace(/^none: /, '')}`,
      agentIds: [...new Set(agentIds)],
      paths: [],
    })),
  ];
}

/** What they say of their own work. */
function ofAgents({ words = [] }: ReportInput): Finding[] {
  return words.flatMap(({ unitId, gaps, riskNotes }) => [
    ...gaps.map((message): Finding => ({
      level: 'warning',
      code: 'agent-gap',
      message,
      agentIds: [unitId],
      paths: [],
    })),
    ...riskNotes.map((message): Finding => ({
      level: 'note',
      code: 'agent-risk',
      message,
      agentIds: [unitId],
      paths: [],
    })),
  ]);
}

function waived({ ledger }: ReportInput): Finding[] {
  return sortLedger(ledger).flatMap((entry): Finding[] =>
    entry.type === 'gate.waived'
      ? [
          {
            level: 'note',
            code: 'gate-waived',
            message: `${entry.code} is waived by ${entry.by}: ${entry.reason}`,
            agentIds: entry.agentId === null ? [] : [entry.agentId],
            paths: [],
          },
        ]
      : [],
  );
}
