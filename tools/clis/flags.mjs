import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homeVariables } from './programs.mjs';

/**
 * Every key of the wave language that becomes a flag, with a value. `help`: the words that make the program list its flags;
 * `hidden`: flags that it takes and does not list, with an invocation that tells a known flag from an unknown one.
 */
const complete = {
  codex: {
    help: [
      ['exec', '--help'],
      ['exec', 'resume', '--help'],
    ],
    options: {
      sandbox: 'read-only',
      profile_name: 'careful',
      config: ['model_reasoning_effort="high"'],
      search: true,
      images: ['plan.png'],
      add_dirs: ['docs'],
      ephemeral: true,
    },
    hidden: [],
  },
  claude: {
    help: [['--help']],
    options: {
      agent: 'reviewer',
      permission_mode: 'plan',
      permission_prompt_tool: 'mcp__x__ask',
      effort: 'max',
      max_turns: 3,
      mcp_config: ['mcp.json'],
      settings_json: {},
      hooks_json: {},
      allowed_http_hook_urls: ['http://127.0.0.1/'],
      allowed_tools: ['Read'],
      disallowed_tools: ['WebFetch'],
    },
    hidden: [
      { flag: '--max-turns', args: ['-p', '--max-turns=x'], says: /--max-turns.*invalid/s },
      {
        flag: '--permission-prompt-tool',
        args: ['-p', '--permission-prompt-tool'],
        says: /argument missing/,
      },
    ],
  },
  opencode: {
    help: [['run', '--help']],
    options: {
      agent: 'build',
      attach: 'http://127.0.0.1:1',
      files: ['plan.md'],
      steps: 3,
      instructions: ['docs/*.md'],
      permission: { bash: 'deny' },
      config_json: {},
    },
    hidden: [],
  },
};

/** Flags of the launches that the adapter describes and the installed program does not know; empty is well. */
export function unknownFlags(program, install, folder, { adapter, buildAgent, buildExecutor, buildWave }) {
  const { help, options, hidden } = complete[program.id];
  const unmentioned = Object.keys(adapter.keys).filter(
    (key) => !(key in options) && !['command', 'settings', 'json', 'format', 'output_format'].includes(key),
  );
  if (unmentioned.length > 0) return [`no value is tried for ${unmentioned.join(', ')}`];
  const ask = runner(program.binary(install), folder);
  const listed = help.map(ask).join('\n');
  const used = [null, 'session'].flatMap((resumeSessionId) => {
    const budget = { turns: 3, usd: 1 };
    const executor = buildExecutor(program.id, options, { model: 'lab-model', budget });
    const agent = buildAgent({ executor });
    const spec = adapter.buildLaunchSpec(agent, buildWave([agent]), {
      prompt: '',
      checkoutDir: '/checkout',
      scratchDir: '/scratch',
      envelopePath: '/checkout/.nx-wave/envelope.json',
      envelopeSchemaPath: '/scratch/schema.json',
      envelopeSchema: strictExample,
      writableDirs: ['/tmp-of-agent'],
      io: { readFile: () => '{}', exists: () => true, which: () => null },
      env: {},
      resumeSessionId,
    });
    if (!spec.ok) throw new Error(spec.error.message);
    return spec.value.args
      .filter((arg) => arg.startsWith('-') && arg !== '-')
      .map((arg) => arg.split('=')[0]);
  });
  const known = (flag) => new RegExp(`(^|[\\s,])${flag}(?=[\\s,=<\\[]|$)`, 'm').test(listed);
  return [...new Set(used)]
    .filter((flag) => !known(flag))
    .filter((flag) => !hidden.some((one) => one.flag === flag && one.says.test(ask(one.args))))
    .map((flag) => `${program.id} ${program.version} does not know ${flag}`);
}

const strictExample = {
  oneOf: [
    {
      type: 'object',
      properties: { role: { const: 'implementation', type: 'string' }, agentId: { type: 'string' } },
      required: ['role', 'agentId'],
    },
  ],
};

/** What the program says, whatever its exit code; its folders are the test's own. */
function runner(command, folder) {
  const homes = homeVariables(folder);
  for (const home of Object.values(homes)) mkdirSync(home, { recursive: true });
  const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' };
  const env = { ...homes, ...quiet, PATH: process.env.PATH };
  return (args) => {
    const { stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', input: '' });
    return `${stdout}${stderr}`;
  };
}
