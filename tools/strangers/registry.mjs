import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { freePort } from '../free-port.mjs';
import { toolFolder } from './managers.mjs';

/** A registry on loopback that has the packages under test and hands on everything else; answers its address and how it ends. */
export async function startRegistry(folder, tarballs) {
  mkdirSync(folder, { recursive: true });
  // What others have published is kept from run to run; ours is of this run alone.
  const storage = join(dirname(await toolFolder('verdaccio')), '..', 'storage');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const uplink = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  writeFileSync(
    join(folder, 'config.yaml'),
    configText({ storage, own: relative(storage, join(folder, 'own')), uplink }),
  );
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

const configText = ({ storage, own, uplink }) => `storage: ${storage}
uplinks:
  npmjs:
    url: ${uplink}
    maxage: 60m
packages:
  '@nx-wave/*': { access: $all, publish: $all, storage: ${own} }
  '**': { access: $all, proxy: npmjs }
log: { type: stdout, format: pretty, level: fatal }
`;

/** Asks until the server answers; what ends it ends the waiting. */
async function answering(url, server) {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`The registry ended with ${server.exitCode}.`);
    const answer = await fetch(`${url}-/ping`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
