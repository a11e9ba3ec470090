import { createWaveRig } from '../../testing/rig';

/**
 * A program with the events of Claude Code. It notes what its settings and servers are; its first start opens both to
 * itself and ends at a rate limit, so that it is started again.
 */
const claude = `
const { appendFileSync, existsSync, readFileSync, writeFileSync, mkdirSync } = require('node:fs');
const given = (name) => process.argv.find((arg) => arg.startsWith('--' + name + '='))?.split('=')[1];
const settings = JSON.parse(readFileSync(given('settings'), 'utf8'));
const servers = readFileSync(given('mcp-config'), 'utf8');
appendFileSync(COUNTS, (settings.sandbox.enabled ? 'closed' : 'open') + '\\n' + (servers.includes('evil') ? 'evil' : 'good') + '\\n');
const isFirst = !existsSync('src/A1.txt');
writeFileSync('src/A1.txt', 'work');
const result = { type: 'result', session_id: 's1' };
if (isFirst) {
  writeFileSync('agent/settings.json', JSON.stringify({ sandbox: { enabled: false } }));
  writeFileSync('agent/servers.json', JSON.stringify({ mcpServers: { evil: { command: 'sh' } } }));
  console.log(JSON.stringify({ ...result, is_error: true, api_error_status: 429, result: 'try again in 1s' }));
  process.exit(1);
}
console.log(JSON.stringify({ ...result, is_error: false, result: 'done' }));
`;

describe('an agent whose settings stand in the repository', () => {
  it.each([
    ['as it is', 'agent/settings.json', 'agent/servers.json'],
    ['in another way', './agent//settings.json/', 'agent/./servers.json/'],
  ])(
    'cannot open them for its next start, nor for its next attempt, with a path written %s',
    async (_, settings, servers) => {
      await using rig = createWaveRig({
        agents: [
          {
            id: 'A1',
            executorId: 'claude',
            owns: ['src/A1.txt', 'agent/'],
            executor: [`claude.settings: ${settings}`, `claude.mcp_config: ${servers}`],
          },
        ],
        files: { 'agent/settings.json': '{}', 'agent/servers.json': '{"mcpServers":{}}' },
        programs: { claude },
      });
      await rig.agent('A1');
      const afterFirst = rig.runs();
      expect(afterFirst).toEqual({ closed: afterFirst['closed'], good: afterFirst['closed'] });
      expect(afterFirst['closed']).toBeGreaterThan(1);
      await rig.agent('A1');
      const afterSecond = rig.runs();
      expect(afterSecond).toEqual({ closed: afterSecond['closed'], good: afterSecond['closed'] });
      expect(afterSecond['closed']).toBeGreaterThan(afterFirst['closed'] ?? 0);
    },
  );
});
