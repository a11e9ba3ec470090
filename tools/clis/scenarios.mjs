import { quotaError } from '../model-server/openai-error.mjs';

/** Stands for a value that must reach neither screen nor disk. */
export const secret = 'correct-horse-battery-staple-42';
const forever = 99;

const payloads = {
  implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [] },
  integration: {
    integrationState: { state: 'ready-for-doc-closure', claims: 0, conflicts: 0, blockers: 0, detail: null },
  },
  documentation: { docClosure: { state: 'no-change', paths: [], detail: null } },
  'cont-qa': {
    verdict: { verdict: 'pass', detail: null },
    gateClaims: {
      architecture: 'pass',
      integration: 'pass',
      durability: 'pass',
      live: 'pass',
      docs: 'pass',
    },
  },
};
const roles = { A0: 'cont-qa', A8: 'integration', A9: 'documentation' };

/** What an agent of the test wave answers when all is well. */
function envelopeOf(agentId) {
  const role = roles[agentId] ?? 'implementation';
  const proof = {
    state: 'satisfied',
    completion: 'contract',
    durability: 'none',
    proofLevel: 'unit',
    detail: null,
  };
  return { schemaVersion: 2, agentId, role, proof, [role]: payloads[role] };
}

/** Writes the owned file and the envelope. */
export function workOf(agentId, envelope = JSON.stringify(envelopeOf(agentId))) {
  return [
    { write: `src/${agentId}.txt`, content: `made by ${agentId}\n`, say: `Working as ${agentId}.` },
    { write: '.nx-wave/envelope.json', content: envelope },
  ];
}

/**
 * Each scenario: the script of the model, what is different about the wave, and what must come of it.
 * `expect`: how the agent task ends; `code`: of the failure; `starts`: of the program; `findsSkill`: the program finds the skill
 * of the workspace by itself and offers it to its model.
 */
export const scenarios = {
  success: { script: { steps: workOf('A1') }, expect: 'proven', starts: 1, findsSkill: true },
  repaired: {
    script: { steps: workOf('A1', '{ "schemaVersion": 2, oops'), again: workOf('A1').slice(1) },
    expect: 'proven',
    starts: 2,
    // It asks its model again by itself until the structured answer is there.
    startsOf: { claude: 1 },
  },
  'rate-limit-then-success': {
    script: { steps: workOf('A1'), faults: [{ status: 429, retryAfter: 1, times: 4 }] },
    expect: 'proven',
  },
  'rate-limit-then-fallback': {
    script: { steps: workOf('A1') },
    limitOwnProtocol: { status: 429, retryAfter: 1, times: forever },
    config: { limits: { rateLimitWaitMinutes: 0 } },
    fallback: true,
    expect: 'proven',
    starts: 2,
  },
  quota: {
    script: { faults: [{ status: 429, body: quotaError, times: forever }] },
    expect: 'failed',
    code: 'agent-quota',
    starts: 1,
  },
  auth: {
    script: { faults: [{ status: 401, times: forever }] },
    expect: 'failed',
    code: 'agent-auth',
    starts: 1,
  },
  hang: {
    script: { faults: [{ kind: 'hang', times: forever }] },
    config: { limits: { idleMinutes: 0.5 } },
    expect: 'failed',
    code: 'agent-idle',
    starts: 1,
  },
  cancellation: {
    script: { faults: [{ kind: 'hang', times: forever }] },
    cancelAtFirstRequest: true,
    expect: 'failed',
    code: 'agent-cancelled',
    starts: 1,
  },
  'surviving-child': {
    script: { steps: [...workOf('A1'), { run: '(setsid sleep 4321 >/dev/null 2>&1 &) ; echo started' }] },
    expect: 'proven',
    starts: 1,
  },
  'secret-in-output': {
    script: { steps: [{ run: `echo ${secret}`, say: `The value is ${secret}.` }, ...workOf('A1')] },
    expect: 'proven',
    starts: 1,
  },
};
