import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { readLastDay } from '../../core/state/waiver-end';
import { grantablePaths } from '../../core/verify/grantable-paths';
import { readWaivedCode } from '../../gates/waivable';
import { appendLedger, readDecision } from '../session/ledger-writer';
import { findAgent, type Session } from '../session/session';
import { refuseAmbiguous } from './ambiguous-record';

export interface DecideOptions {
  waive?: string;
  agent?: string;
  until?: string;
  amend?: string;
  paths?: string | string[];
  resolve?: string;
  kind?: string;
  reassign?: string;
  to?: string;
  revoke?: string;
  by?: string;
  reason?: string;
}

type Draft = Record<string, unknown> & { type: string };

const verbs = ['waive', 'amend', 'resolve', 'reassign', 'revoke'] as const;

/** Turns exactly one verb into one ledger entry. */
export async function runDecide(session: Session, options: DecideOptions): Promise<Result<{ path: string }>> {
  const command = `nx run ${session.wave.identity.project}:decide`;
  const given = verbs.filter((verb) => options[verb] !== undefined);
  const [verb] = given;
  if (verb === undefined || given.length > 1) {
    return err(
      invalid(`Give exactly one of ${verbs.map((one) => `--${one}`).join(', ')}.`, `${command} --help`),
    );
  }
  const decision = readDecision(options, `${command} --${verb} ${String(options[verb])}`);
  if (!decision.ok) return decision;
  const draft = await drafts[verb](session, options, command);
  return draft.ok ? appendLedger(session, { ...draft.value, ...decision.value }) : draft;
}

const drafts: Record<
  (typeof verbs)[number],
  (session: Session, options: DecideOptions, command: string) => Promise<Result<Draft>>
> = {
  async waive(session, options, command) {
    const code = readWaivedCode(options.waive ?? '', command);
    if (!code.ok) return code;
    if (options.agent !== undefined) {
      const agent = findAgent(session.wave, options.agent);
      if (!agent.ok) return agent;
    }
    const { until } = options;
    const lastDay = until === undefined ? undefined : readLastDay(until, session.edges.now());
    if (lastDay === null)
      return err(
        invalid(
          `--until ${until} is no day that is still to come: it takes the last day of the waiver, in UTC.`,
          `${command} --waive ${code.value} --until 2027-01-31 --reason "…" --by "…"`,
        ),
      );
    const ends = lastDay === undefined ? {} : { until: lastDay };
    return ok({ type: 'gate.waived', code: code.value, agentId: options.agent ?? null, ...ends });
  },
  async amend(session, options, command) {
    const agent = findAgent(session.wave, options.amend ?? '');
    if (!agent.ok) return agent;
    const paths = grantablePaths(options.paths, session.wave.identity);
    if (!paths.ok) {
      const next = `${command} --amend ${agent.value.unitId} --paths src/a.ts,src/b/ --by "…" --reason "…"`;
      return err({ ...paths.error, next });
    }
    return ok({ type: 'ownership.amended', agentId: agent.value.agentId, paths: paths.value });
  },
  async resolve(session, options, command) {
    const kinds = ['party_accepted', 'all_revised', 'irrelevant', 'waived', 'repair_completed'];
    if (options.kind === undefined || !kinds.includes(options.kind)) {
      return err(
        invalid(
          `--resolve needs --kind, one of ${kinds.join(', ')}.`,
          `${command} --resolve ${options.resolve ?? ''} --kind waived`,
        ),
      );
    }
    const ambiguous = await refuseAmbiguous(session, options.resolve ?? '');
    if (ambiguous !== null) return err(ambiguous);
    return ok({ type: 'contradiction.resolved', contradictionId: options.resolve, kind: options.kind });
  },
  async reassign(session, options, command) {
    if (options.to === undefined)
      return err(
        invalid('--reassign needs --to.', `${command} --reassign ${options.reassign ?? ''} --to A1`),
      );
    const ambiguous = await refuseAmbiguous(session, options.reassign ?? '');
    if (ambiguous !== null) return err(ambiguous);
    const agent = findAgent(session.wave, options.to);
    return agent.ok
      ? ok({ type: 'request.reassigned', requestId: options.reassign, to: agent.value.agentId })
      : agent;
  },
  async revoke(session, options, command) {
    for (const agent of session.wave.agents) {
      for (const { manifest, proofDigest } of await session.attempts.list(
        session.wave.identity.project,
        agent.unitId,
      )) {
        if (proofDigest !== options.revoke && manifest.predicate.proofBundleId !== options.revoke) continue;
        return ok({ type: 'bundle.revoked', agentId: agent.unitId, proofDigest });
      }
    }
    return err(
      invalid(
        `No proof bundle of this wave is called ${options.revoke ?? ''}.`,
        `${command.replace(':decide', ':status')}`,
      ),
    );
  },
};

function invalid(message: string, next: string): Failure {
  return failure('option-invalid', message, { next });
}
