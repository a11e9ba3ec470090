import { compilePrompt, type PromptInput } from '../../core/prompt/compile-prompt';
import { envelopeSkillId, withEnvelopeSkill } from '../../core/prompt/envelope-skill';
import { standingPrompt } from '../../core/prompt/standing-prompt';
import type { ResolvedAgent } from '../../core/model';
import { amendmentsOf } from '../../core/state/ledger';
import { listFiles } from '../../edges/files/list-folder';
import { packageFile } from '../../edges/files/package-root';
import { readText } from '../../edges/files/read-file';
import type { AgentInputs } from './agent-inputs';
import type { Session } from '../session/session';

export interface PromptRequest {
  session: Session;
  agent: ResolvedAgent;
  inputs: AgentInputs;
  attempt: PromptInput['attempt'];
  /** As the agent sees them. */
  envelopePath: string;
  schemaPath: string;
  inbox: string[];
}

/** Reads the texts of a prompt and compiles it. Missing role files are left out: `plan` and `lint-waves` report them. */
export async function buildPrompt(request: PromptRequest): Promise<string> {
  const { session, agent } = request;
  const { ledger } = session;
  const shipped = (await readText(packageFile('skills', envelopeSkillId, 'SKILL.md'))) ?? '';
  const { skills, envelope } = withEnvelopeSkill(await skillTexts(session, agent), shipped);
  return compilePrompt({
    wave: session.wave,
    agent,
    standing: await standingTexts(session, agent),
    skills,
    documents: await documentTexts(session, agent),
    answers: ledger.flatMap((entry) =>
      entry.type === 'request.answered' && entry.agentId === agent.agentId
        ? [{ question: entry.requestId, text: entry.text }]
        : [],
    ),
    amendments: grantedPaths(session, agent),
    inbox: request.inbox,
    attempt: request.attempt,
    envelope: {
      path: request.envelopePath,
      schemaPath: request.schemaPath,
      skill: envelope,
    },
  });
}

/** Paths that the ledger added to the agent's ownership. */
export function grantedPaths(session: Session, agent: ResolvedAgent): string[] {
  return amendmentsOf(session.ledger, agent);
}

async function standingTexts(session: Session, agent: ResolvedAgent): Promise<string[]> {
  const texts: string[] = [];
  for (const path of agent.rolePrompts) {
    const text = await readText(session.at(path));
    if (text !== null) texts.push(standingPrompt(text));
  }
  if (texts.length > 0) return texts;
  const shipped = await readText(packageFile('role-prompts', agent.traits.shippedPrompt));
  return shipped === null ? [] : [standingPrompt(shipped)];
}

async function skillTexts(session: Session, agent: ResolvedAgent): Promise<{ path: string; text: string }[]> {
  const texts: { path: string; text: string }[] = [];
  for (const folder of agent.skills) {
    const { files } = await listFiles(session.at(folder));
    for (const file of files.filter((one) => one.path.endsWith('.md'))) {
      texts.push({ path: `${folder}/${file.path}`, text: (await readText(file.absolute)) ?? '' });
    }
  }
  return texts;
}

/** Library documents in the order of their paths; only texts belong into a prompt. */
async function documentTexts(
  session: Session,
  agent: ResolvedAgent,
): Promise<{ path: string; text: string }[]> {
  const texts: { path: string; text: string }[] = [];
  for (const folder of agent.context7.documents) {
    const { files } = await listFiles(session.at(folder));
    for (const file of files.filter(({ path }) => /\.(md|mdx|txt)$/i.test(path))) {
      texts.push({ path: `${folder}${file.path}`, text: (await readText(file.absolute)) ?? '' });
    }
  }
  return texts;
}
