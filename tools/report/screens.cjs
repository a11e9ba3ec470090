/**
 * `npm run screens`: what people see of one wave (fresh, running, failed, closed, landed) as `docs/guides/screens.md`, and the first screen
 * of its report as pictures below `docs/guides/pictures/`, where this machine has a Chromium. Run it when a view has changed.
 */
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const { playScenes } = require('./scenes.ts');

const root = resolve(__dirname, '..', '..');
const guides = join(root, 'docs', 'guides');
const pictures = [
  { scene: 'closed', width: 1280, height: 1000 },
  { scene: 'failed', width: 1280, height: 1000 },
  { scene: 'failed', width: 390, height: 900, dark: true },
];
const nameOf = ({ scene, width, dark }) => `report-${scene}-${width}${dark ? '-dark' : ''}.png`;

const words = {
  fresh: ['Fresh', 'Nothing has run. `plan` says what a launch would do and what it is likely to cost.'],
  running: ['Running', 'Agent A1 is at work. `watch` shows it from another terminal.'],
  failed: ['Failed', 'The proof of A1 was red; A2 is proven, and nobody pays for it again.'],
  closed: ['Closed', 'The second attempt of A1 was proven, the review passed, the merged tree was proved.'],
  landed: ['Landed', 'The integrated patch is in the working tree.'],
};
/** What is worth a look at which moment. */
const shown = {
  fresh: ['plan', 'status'],
  running: ['watch', 'status'],
  failed: ['lastWords', 'watch', 'status', 'plan'],
  closed: ['status', 'watch'],
  landed: ['status'],
};
const commands = {
  plan: 'nx run wave-1:plan',
  watch: 'nx run wave-1:watch',
  status: 'nx run wave-1:status',
};
const endOf = { failed: 'How the task of the agent that failed ends:' };

function pageOf(scenes) {
  return [
    '# Screens of a wave',
    '',
    'Made by `npm run screens` from a wave that the real engine runs: three agents, one of which fails first. Programs of a few lines',
    'stand in for the model, and a minute took a second.',
    'What the report says is in [read a report](read-a-report.md).',
    '',
    ...scenes.flatMap((scene) => [
      `## ${words[scene.name][0]}`,
      '',
      words[scene.name][1],
      '',
      ...shown[scene.name].flatMap((what) => [
        what === 'lastWords' ? endOf[scene.name] : `\`${commands[what]}\``,
        '',
        '```text',
        ...scene[what].map((line) => line.replaceAll('```', "'''").trimEnd()),
        '```',
        '',
      ]),
      ...pictures
        .filter(({ scene: name, width }) => name === scene.name && width === 1280)
        .flatMap((one) => [
          `![The first screen of the report of a ${scene.name} wave](pictures/${nameOf(one)})`,
          '',
        ]),
    ]),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd();
}

async function main() {
  const { openBrowser } = await import('../browser.mjs');
  const scenes = await playScenes();
  writeFileSync(join(guides, 'screens.md'), `${pageOf(scenes)}\n`);
  const browser = await openBrowser();
  if (browser === null) return console.error('No Chromium is on PATH: the pictures stay as they are.');
  const dir = mkdtempSync(join(tmpdir(), 'nx-wave-screens-'));
  mkdirSync(join(guides, 'pictures'), { recursive: true });
  try {
    for (const one of pictures) {
      const file = join(dir, `${one.scene}.html`);
      writeFileSync(file, scenes.find(({ name }) => name === one.scene).html);
      const page = await browser.open(one);
      await page.goTo(pathToFileURL(file).href);
      await page.until('document.readyState === "complete" && document.getElementById("report") !== null');
      writeFileSync(join(guides, 'pictures', nameOf(one)), await page.picture());
      await page.close();
    }
  } finally {
    browser.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

void main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
