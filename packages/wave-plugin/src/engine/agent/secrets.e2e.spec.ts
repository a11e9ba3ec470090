// Tests engine/agent/launch-agent.ts and engine/slices/proof-commands.ts.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../../testing/rig';

/** Put together here, so that no scanner takes this file for a leak. */
const keyId = ['AKIA', 'ABCDEFGHIJKLMNOP'].join('');
const known = 'correct-horse-battery';
const custom = 'ACME-123456';

/** Prints every kind of secret, and has a proof command that prints them too. */
function makeRig(transcript: string): WaveRig {
  const say = `console.log('key ${keyId}, known ' + ${JSON.stringify(known)} + ', own ${custom}');`;
  return createWaveRig({
    env: { SITE_TOKEN: known },
    config: { bundle: { transcript }, secrets: { patterns: ['ACME-[0-9]{6}'] } },
    files: { 'tools/check.mjs': say },
    agents: [
      { id: 'A1', does: `${say} write('src/A1.txt', 'done');`, proofCommands: ['node tools/check.mjs'] },
      { id: 'A0' },
    ],
  });
}

/** Every file below a folder, as one text each. */
function filesBelow(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = found.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')] as const),
  );
}

const results = (rig: WaveRig) => filesBelow(join(rig.root, '.tmp', 'main-wave-launcher'));
const durable = (rig: WaveRig) => filesBelow(join(rig.root, '.git', 'nx-wave'));
const transcriptsOf = (files: Record<string, string>) =>
  Object.entries(files).filter(([path]) => path.endsWith('transcript.jsonl'));

describe('secrets that an agent and its proof command print', () => {
  it.each([
    ['redacted', 'key [redacted], known [redacted], own [redacted]'],
    ['full', `key ${keyId}, known [redacted], own [redacted]`],
  ])('are kept from every file in the mode %s', async (mode, shown) => {
    await using rig = makeRig(mode);
    const { failures, lines } = await rig.agent('A1');
    expect(failures).toEqual([]);
    const files = { ...results(rig), ...durable(rig) };
    const transcripts = transcriptsOf(files);
    expect(transcripts.length).toBeGreaterThan(0);
    for (const [, text] of transcripts) expect(text).toContain(shown);
    const others = Object.entries(files).filter(([path]) => !path.endsWith('transcript.jsonl'));
    const outside = [...others.map(([, text]) => text), ...lines].join('\n');
    expect(outside).not.toContain(keyId);
    expect([...Object.values(files), ...lines].join('\n')).not.toMatch(new RegExp(`${known}|${custom}`));
    const manifest = others.find(([path]) => path.endsWith('A1/manifest.json'))?.[1] ?? '';
    expect(manifest).toContain('key [redacted], known [redacted], own [redacted]');
  });

  it('stay on the machine that ran the agent, with everything else it said, in the mode local', async () => {
    await using rig = makeRig('local');
    const { failures } = await rig.agent('A1');
    expect(failures).toEqual([]);
    expect(transcriptsOf(results(rig))).toEqual([]);
    const kept = transcriptsOf(durable(rig));
    expect(kept.map(([path]) => path)).toEqual(['attempts/wave-1/A1/attempt-1/transcript.jsonl']);
    expect(kept[0]?.[1]).toContain('key [redacted], known [redacted], own [redacted]');
  });

  it('are not looked for with an expression that cannot be used: the wave says so and runs nothing', async () => {
    await using rig = makeRig('redacted');
    rig.configure({ secrets: { patterns: ['(?<=pin )[0-9]+'] } });
    const { failures, ran } = await rig.agent('A1');
    expect(failures).toMatchObject([
      { code: 'config-invalid-value', message: expect.stringContaining('secrets.patterns.0') },
    ]);
    expect(ran).toEqual({});
  });
});
