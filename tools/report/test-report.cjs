/**
 * `npm run test:report`: reports of real waves (failed, half done, closed, landed), one full of attacks and one of 40 agents and 2,000
 * files in the Chromium of this machine, at 1280 and 390 columns, light and dark: axe finds nothing serious, nothing overflows, no
 * attack runs, what needs the script works with it and nothing is missing without. Pictures in `.tmp/report-pictures/`, for
 * people to look at. `-- --short`: the most telling three in one width and scheme. Without a Chromium it says so and checks nothing.
 */
const { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const { attackReport, attacks, hugeReport } = require('./attack.ts');
const { playScenes } = require('./scenes.ts');

const root = resolve(__dirname, '..', '..');
const pictures = join(root, '.tmp', 'report-pictures');
const isShort = process.argv.includes('--short');
const sizes = isShort ? [390] : [1280, 390];
const schemes = isShort ? [false] : [false, true];
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const problems = [];
let checks = 0;

function check(isTrue, what) {
  checks += 1;
  if (!isTrue) problems.push(what);
}

async function main() {
  const { openBrowser } = await import('../browser.mjs');
  const browser = await openBrowser();
  if (browser === null) {
    console.error(
      'No Chromium is on PATH: install it (Debian: apt-get install chromium), or name one in CHROMIUM.',
    );
    return;
  }
  const dir = mkdtempSync(join(tmpdir(), 'nx-wave-reports-'));
  mkdirSync(pictures, { recursive: true });
  try {
    const scenes = await playScenes();
    const pages = [
      ...scenes.map(({ name, html }) => [name, html]),
      ['attack', attackReport()],
      ['huge', hugeReport()],
    ];
    for (const [name, html] of pages) {
      writeFileSync(join(dir, `${name}.html`), html);
      if (isShort && !['closed', 'failed', 'attack'].includes(name)) continue;
      for (const width of sizes)
        for (const dark of schemes) await lookAt(browser, { dir, name, width, dark });
    }
    await withoutScript(browser, { dir, name: 'closed' });
    await withScript(browser, dir);
    const { length } = readFileSync(join(dir, 'huge.html'));
    check(length < 6_000_000, `the report of 2,000 files has ${length} bytes`);
  } finally {
    browser.close();
    rmSync(dir, { recursive: true, force: true });
  }
  for (const problem of problems) console.log(`not ok: ${problem}`);
  console.log(`pictures: ${pictures.slice(root.length + 1)}`);
  const summary = `${checks - problems.length} passed, ${problems.length} failed`;
  mkdirSync(join(root, '.tmp', 'test-reports'), { recursive: true });
  writeFileSync(join(root, '.tmp', 'test-reports', 'summary-report.txt'), `${summary}\n`);
  console.log(summary);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

const urlOf = ({ dir, name }) => pathToFileURL(join(dir, `${name}.html`)).href;
const isLoaded = 'document.readyState === "complete" && document.getElementById("report") !== null';

/** One page at one width in one scheme. */
async function lookAt(browser, at) {
  const { name, width, dark } = at;
  const where = `${name} at ${width}${dark ? ', dark' : ''}`;
  const page = await browser.open({ width, height: 900, dark });
  await page.goTo(urlOf(at));
  await page.until(isLoaded);
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  check(overflow <= 0, `${where}: the page is ${overflow} wider than its window`);
  if (name === 'attack') await checkAttack(page, where);
  if (name !== 'huge') {
    await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true })');
    const openOverflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    check(openOverflow <= 0, `${where}: opened, the page is ${openOverflow} wider than its window`);
  }
  await page.evaluate(axe);
  const found = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`,
  );
  check(Array.isArray(found), `${where}: axe gave no answer`);
  for (const one of found ?? []) check(false, `${where}: ${one}`);
  check(page.problems.length === 0, `${where}: ${page.problems.join('; ')}`);
  if (name !== 'huge')
    await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = false })');
  writeFileSync(join(pictures, `${name}-${width}${dark ? '-dark' : ''}.png`), await page.picture());
  if (!isShort && name !== 'huge') {
    await page.evaluate('document.querySelectorAll("details.file").forEach((one) => { one.open = true })');
    writeFileSync(
      join(pictures, `${name}-${width}${dark ? '-dark' : ''}-whole.png`),
      await page.picture({ whole: true }),
    );
  }
  await page.close();
}

/** Nothing of what agents wrote is an element, an attribute or an address, and none of it ran. */
async function checkAttack(page, where) {
  check((await page.evaluate('window.hit')) === undefined, `${where}: an attack ran`);
  const strange = await page.evaluate(
    `Array.from(document.querySelectorAll('iframe, object, embed, base, form, link, img, plaintext, animate, [srcdoc], [src], [style]')).map((one) => one.outerHTML.slice(0, 80))`,
  );
  check(strange.length === 0, `${where}: ${strange.join(' | ')}`);
  const handlers = await page.evaluate(
    `Array.from(document.querySelectorAll('*')).flatMap((one) => Array.from(one.attributes)).filter(({ name, value }) => name.startsWith('on') || (name === 'href' && !value.startsWith('#'))).map(({ name, value }) => name + '=' + value)`,
  );
  check(handlers.length === 0, `${where}: ${handlers.join(' | ')}`);
  check((await page.evaluate('document.scripts.length')) === 1, `${where}: there is another script`);
  check(
    (await page.evaluate('document.querySelectorAll("style, meta[http-equiv]").length')) === 2,
    `${where}: there is another style or policy`,
  );
  const text = await page.evaluate('document.body.textContent');
  for (const attack of attacks.slice(0, 11))
    check(text.includes(attack), `${where}: not shown as it was written: ${attack}`);
  for (const sign of ['\u202e', '\u2066', '\u200f', '\u001b', '\u0007'])
    check(!text.includes(sign), `${where}: a sign that steers is there`);
  // A script that came in by another way is held by the policy of the page.
  await page.evaluate(
    `{ const one = document.createElement('script'); one.textContent = 'window.hit = 12'; document.body.append(one); one.remove(); }`,
  );
  check((await page.evaluate('window.hit')) === undefined, `${where}: the policy let a strange script run`);
}

/** All of it can be read, and nothing is offered that would not work. */
async function withoutScript(browser, at) {
  const page = await browser.open({ width: 1280, height: 900 });
  await page.send('Emulation.setScriptExecutionDisabled', { value: true });
  await page.goTo(urlOf(at));
  await page.until(isLoaded);
  const shown = await page.evaluate(
    'document.querySelector(".find").hidden && document.querySelectorAll("button.copy").length === 0',
  );
  check(shown, 'without its script the page offers what needs it');
  const anchors = await page.evaluate(
    `Array.from(document.querySelectorAll('nav a')).every((one) => document.getElementById(one.hash.slice(1)) !== null)`,
  );
  check(anchors, 'an entry of the contents leads nowhere');
  await page.close();
}

/** Search, copying, opening all, print. */
async function withScript(browser, dir) {
  const page = await browser.open({ width: 1280, height: 900 });
  await page.goTo(urlOf({ dir, name: 'huge' }));
  await page.until(isLoaded);
  const find = (text) =>
    page.evaluate(
      `{ const field = document.getElementById('search'); field.value = ${JSON.stringify(text)}; field.dispatchEvent(new Event('input')); document.getElementById('found').textContent; }`,
    );
  check((await find('area-7/src/part-0/file-5.ts')) === '1 file', 'search does not find one file of 2,000');
  check((await find('')) === '', 'search does not end');
  await page.goTo(urlOf({ dir, name: 'closed' }));
  await page.until(isLoaded);
  check(
    (await page.evaluate('document.querySelectorAll("code.command + button.copy").length')) > 0,
    'there is nothing to copy a command with',
  );
  await page.evaluate('document.querySelector("button[data-open=yes]").click()');
  check(
    await page.evaluate('Array.from(document.querySelectorAll("details.file")).every((one) => one.open)'),
    'not every file opens',
  );
  await page.evaluate('document.querySelector("button[data-open=no]").click()');
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  check(
    await page.evaluate('document.querySelector("details:not([open])") === null'),
    'something stays closed in print',
  );
  await page.evaluate('dispatchEvent(new Event("afterprint"))');
  const { data } = await page.send('Page.printToPDF', {});
  writeFileSync(join(pictures, 'closed.pdf'), Buffer.from(data, 'base64'));
  await page.close();
}

void main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
