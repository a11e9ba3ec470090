import type { ResolvedAgent, ResolvedWave } from '../model';
import { libraryDocumentation } from './library-documentation';

/** Everything of the outside that a prompt is made of; texts are read by the engine. */
export interface PromptInput {
  wave: ResolvedWave;
  agent: ResolvedAgent;
  /** Standing prompts of the role files, or the shipped one of the role, in order. */
  standing: string[];
  skills: { path: string; text: string }[];
  /** Documents of the agent's Context7 bundle, in order. */
  documents: { path: string; text: string }[];
  /** Answers to this agent's questions and granted ownership, from the ledger. */
  answers: { question: string; text: string }[];
  amendments: string[];
  /** Records of earlier stages addressed to this agent, and the shared summary. */
  inbox: string[];
  attempt: {
    number: number;
    /** The checkout already holds the changes of the attempt before. */
    continued: boolean;
    /** They are those of an agent that was cut off in the middle, perhaps on another machine. */
    cutOff?: boolean;
    /** Why the attempt before did not count. */
    reasons: string[];
  };
  envelope: { path: string; schemaPath: string; skill: string };
}

function section(title: string, body: string | string[]): string[] {
  const lines = (Array.isArray(body) ? body : [body]).filter((line) => line.trim() !== '');
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];
}

const bullets = (items: string[]) => items.map((item) => `- ${item}`);

function contractLines(agent: ResolvedAgent): string[] {
  const contract = agent.exitContract;
  if (contract === null) return [];
  return bullets([
    `completion: at least ${contract.completion}`,
    `durability: at least ${contract.durability}`,
    `proof: at least ${contract.proof}`,
    `doc-impact: ${contract.docImpact}`,
  ]);
}

/** What the wave file asks of the agent. */
function assignmentLines({ agent, wave, amendments }: PromptInput): string[] {
  return [
    ...section('Your task', agent.prompt),
    ...section('Paths you own', [
      'Change nothing else: a change outside these paths fails the slice.',
      ...bullets([...agent.ownedPaths, ...amendments].map((path) => `\`${path}\``)),
    ]),
    ...section('Deliverables', bullets(agent.deliverables.map((path) => `\`${path}\``))),
    ...section(
      'Proof artifacts',
      bullets(agent.proofArtifacts.map(({ path, kind }) => `\`${path}\`${kind ? ` (${kind})` : ''}`)),
    ),
    ...section(
      'Components',
      bullets(
        agent.components.map(({ componentId, targetLevel }) => `${componentId}: at least ${targetLevel}`),
      ),
    ),
    ...section('Exit contract', contractLines(agent)),
    ...section('Proof commands', [
      ...(agent.proofCommands.length > 0
        ? ['These are run after you, on a clean copy of your changes, and must exit 0:']
        : []),
      ...bullets(agent.proofCommands.map((command) => `\`${command}\``)),
      ...(agent.proofCommands.length > 0 ? strengthWords(agent) : []),
    ]),
    ...(agent.traits.seesEvalTargets
      ? section(
          'Eval targets',
          bullets(
            wave.evalTargets.map(
              (one) => `${one.id} (${one.selection}): ${one.objective}. Threshold: ${one.threshold}`,
            ),
          ),
        )
      : []),
  ];
}

/** What green commands have to be worth: an agent that knows writes the test in the first place. */
function strengthWords({ proofStrength: { level } }: ResolvedAgent): string[] {
  if (level === 'exit') return [];
  if (level === 'counted')
    return ['', 'Tests of the test files that you change have to be among those that run.'];
  return [
    '',
    'They have to need your work: once every function that you changed returns nothing, one of them must turn red.',
    'So test what these functions return or do, and leave test settings and scripts as they are.',
  ];
}

function continuedLine({ cutOff }: PromptInput['attempt']): string {
  return cutOff === true
    ? 'An agent was cut off in the middle of this work. Its changes are already in the checkout: files may be torn or half written, so look at them before you go on from them.'
    : 'Your earlier changes are already in the checkout: go on from them.';
}

/** Pure: the whole prompt of one attempt, as it goes to the agent's stdin and into the bundle. */
export function compilePrompt(input: PromptInput): string {
  const { agent, wave, attempt, envelope } = input;
  const { identity } = wave;
  const lines = [
    `# ${identity.project}, agent ${agent.agentId}: ${agent.title}`,
    '',
    `You are agent ${agent.agentId} (${agent.role}) of ${identity.project}.`,
    'You work in a private checkout of the repository. Leave your work as plain file changes: commits, branches and stashes are not looked at.',
    '',
    ...input.standing.flatMap((text) => [text.trim(), '']),
    ...assignmentLines(input),
    ...section('What earlier agents hand you', bullets(input.inbox)),
    ...section(
      'Answers to your questions',
      bullets(input.answers.map(({ question, text }) => `${question}: ${text}`)),
    ),
    ...section('Why this attempt exists', [
      ...(attempt.reasons.length > 0 ? [`Attempt ${attempt.number}. The attempt before did not count:`] : []),
      ...bullets(attempt.reasons),
      ...(attempt.continued ? [continuedLine(attempt)] : []),
    ]),
    ...libraryDocumentation(agent.context7, input.documents),
    ...input.skills.flatMap(({ path, text }) => [`## Skill ${path}`, '', text.trim(), '']),
    ...section('Result envelope', [
      `Write your result as JSON to \`${envelope.path}\` (also in WAVE_RESULT_ENVELOPE). Its JSON Schema is at \`${envelope.schemaPath}\` (WAVE_SCHEMA_FILE).`,
      envelope.skill.trim(),
    ]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Pure: what a repair pass says. It asks for the envelope only; the files are already accepted. */
export function compileRepairPrompt(input: {
  agent: ResolvedAgent;
  envelopePath: string;
  schemaPath: string;
  reasons: string[];
}): string {
  return [
    `# Agent ${input.agent.agentId}: only the result envelope is missing`,
    '',
    'Your file changes have passed every check. Do not change them. The result envelope was not accepted:',
    '',
    ...bullets(input.reasons),
    '',
    `Write the corrected JSON to \`${input.envelopePath}\`. Its JSON Schema is at \`${input.schemaPath}\`.`,
    '',
  ].join('\n');
}
