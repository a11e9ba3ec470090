import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { toolFolder } from './managers.mjs';

/** A registry on loopback that has the packages under test and hands on everything else; answers its address and how it ends. */
export async function startRegistry(folder, tarballs) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const uplink = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, 'config.yaml'), configText(folder, uplink));
  const program = join(await toolFolder('verdaccio'), 'verdaccio');
  const server = spawn(
    process.execPath,
    [program, '--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await answering(url, server);
  const npmrc = join(folder, 'npmrc');
  writeFileSync(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\nprovenance=false\n`);
  for (const tarball of tarballs)
    execFileSync('npm', ['publish', tarball, '--userconfig', npmrc, '--provenance=false'], { stdio: 'pipe' });
  return { url, stop: () => server.kill('SIGTERM') };
}

const configText = (folder, uplink) => `storage: ${join(folder, 'storage')}
uplinks:
  npmjs:
    url: ${uplink}
    maxage: 60m
packages:
  '@nx-wave/*': { access: $all, publish: $all }
  '**': { access: $all, proxy: npmjs }
log: { type: stdout, format: pretty, level: fatal }
`;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Asks until the server answers; what ends it ends the waiting. */
async function answering(url, server) {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`The registry ended with ${server.exitCode}.`);
    const answer = await fetch(`${url}-/ping`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
