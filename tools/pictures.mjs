import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from './browser.mjs';
import { freePort } from './free-port.mjs';
import { installIfNeeded } from './install.mjs';
import { root } from './packages.mjs';

/**
 * `npm run pictures [-- --write]`: what `nx graph` and `nx show project --web` show of the example wave, as PNG files below `.tmp/pictures/`, taken by
 * the Chromium of this machine. For people to look at; nothing compares them. `--write` puts those that the docs show into
 * `docs/guides/pictures/`.
 */
const wave = 'wave-3';
const shows = (text) => `document.body.innerText.includes(${JSON.stringify(text)})`;
const drawn = 'document.querySelector("canvas") !== null';
const views = [
  {
    name: 'tasks',
    path: `/tasks?targets=launch&projects=${wave}`,
    ready: drawn,
    width: 1000,
    height: 1080,
    shown: true,
  },
  { name: 'projects', path: '/projects', ready: drawn },
  { name: 'wave', path: `/project-details/${wave}`, ready: shows('Targets'), height: 1900 },
  {
    name: 'agent',
    path: `/project-details/${wave}?expanded=agent-a1`,
    ready: shows('Description'),
    height: 1340,
    shown: true,
  },
  {
    name: 'command',
    path: `/project-details/${wave}?expanded=answer`,
    ready: shows('Description'),
    height: 2300,
  },
  { name: 'lane', path: '/project-details/waves?expanded=lint-waves', ready: shows('Description') },
];

installIfNeeded(root);
const browser = await openBrowser();
if (browser === null) {
  console.error(
    'No Chromium is on PATH: install it (Debian: apt-get install chromium), or name one in CHROMIUM.',
  );
  process.exit(1);
}
const to = join(root, '.tmp', 'pictures');
mkdirSync(to, { recursive: true });
const write = process.argv.includes('--write');
const docs = join(root, 'docs', 'guides', 'pictures');
const port = await freePort();
const graph = spawn('npx', ['nx', 'graph', `--port=${port}`, '--open=false', '--watch=false'], {
  cwd: root,
  env: { ...process.env, NX_DAEMON: 'false' },
  detached: true,
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  const url = `http://127.0.0.1:${port}`;
  await answering(url);
  for (const { name, path, ready, width = 1280, height = 900, shown = false } of views) {
    const page = await browser.open({ width, height });
    await page.goTo(url + path);
    await page.until(ready);
    // The graph finds its layout after it is there.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const picture = await page.picture();
    writeFileSync(join(to, `${name}.png`), picture);
    if (shown && write) writeFileSync(join(docs, `nx-${name}.png`), picture);
    console.log([join('.tmp', 'pictures', `${name}.png`), ...page.problems].join('\n'));
    await page.close();
  }
} finally {
  browser.close();
  process.kill(-graph.pid, 'SIGTERM');
}

/** Asks until the graph is served. */
async function answering(url) {
  while (graph.exitCode === null) {
    const answer = await fetch(`${url}/projects`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`nx graph ended with ${graph.exitCode}.`);
}
