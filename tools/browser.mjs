/* global WebSocket -- Node has it from version 22 on, or where it is asked for. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const programs = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'];
const flags = [
  '--headless',
  '--no-sandbox',
  '--hide-scrollbars',
  '--enable-unsafe-swiftshader',
  '--disable-dev-shm-usage',
];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The Chromium of this machine, without a window and with a profile of its own; null where there is none. `CHROMIUM` names another
 * one. Speaks its own protocol over the WebSocket of Node (`node --experimental-websocket` before Node 22), so nothing is installed.
 */
export async function openBrowser() {
  const program = programs.find(
    (name) => name !== undefined && spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (program === undefined) return null;
  const profile = mkdtempSync(join(tmpdir(), 'nx-wave-browser-'));
  const child = spawn(program, [...flags, '--remote-debugging-port=0', `--user-data-dir=${profile}`], {
    stdio: 'ignore',
    detached: true,
  });
  const told = join(profile, 'DevToolsActivePort');
  while (!existsSync(told) || readFileSync(told, 'utf8').split('\n').length < 2) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}.`);
    await pause(100);
  }
  const [port] = readFileSync(told, 'utf8').split('\n');
  return {
    open: (size) => openPage(`http://127.0.0.1:${port}`, size),
    close: () => {
      process.kill(-child.pid, 'SIGKILL');
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** A page of `width` x `height`, light or `dark`; what it says of errors is in `problems`. */
async function openPage(browser, { width, height, dark = false }) {
  const { webSocketDebuggerUrl, id } = await (await fetch(`${browser}/json/new`, { method: 'PUT' })).json();
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const problems = [];
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id: of, result, error, method, params } = JSON.parse(data);
    if (method === 'Runtime.exceptionThrown') problems.push(params.exceptionDetails.exception?.description);
    if (of !== undefined) waiting.get(of)(error ? Promise.reject(new Error(error.message)) : result);
  };
  let last = 0;
  const send = (method, params = {}) =>
    new Promise((resolve) => {
      waiting.set((last += 1), resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await send('Page.enable');
  await send('Runtime.enable');
  await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  const scheme = { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' };
  await send('Emulation.setEmulatedMedia', { features: [scheme] });
  const evaluate = async (expression) =>
    (await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })).result.value;
  return {
    problems,
    /** Any method of the protocol. */
    send,
    evaluate,
    goTo: (url) => send('Page.navigate', { url }),
    /** Asks until the expression is true; a minute is long for a page of this machine. */
    until: async (expression) => {
      for (const end = performance.now() + 60_000; performance.now() < end; await pause(200))
        if (await evaluate(expression)) return;
      throw new Error(`Not true on the page: ${expression}\n${problems.join('\n')}`);
    },
    /** A PNG of the window, or of the whole page. */
    picture: async ({ whole = false } = {}) => {
      const { data } = await send('Page.captureScreenshot', { captureBeyondViewport: whole });
      return Buffer.from(data, 'base64');
    },
    close: () => fetch(`${browser}/json/close/${id}`),
  };
}
