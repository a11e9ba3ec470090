import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where the programs keep what is the user's own, below the home folder of the account. */
const ownFolders = [
  '.claude',
  '.claude.json',
  '.codex',
  '.config/opencode',
  '.local/share/opencode',
  '.local/state/opencode',
  '.cache/opencode',
  '.opencode',
];

/**
 * What no test may change: the folders of the real user. One line for each path that is there. The common temp folder is not
 * looked at: what a program of somebody else leaves there meanwhile is not told from what a test leaves.
 */
export function lookAround() {
  const { homedir } = userInfo();
  return new Set(ownFolders.flatMap((name) => describe(join(homedir, name))));
}

/**
 * A temp folder for this run alone. `TMPDIR` leads everything there that the run starts, so nothing that a program leaves can
 * reach another run, and nothing that another left can turn this one red. It goes with the process.
 */
export function ownTempFolder() {
  // A short name: programs put sockets below it, whose paths may not be long.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clis-')));
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}

function describe(path) {
  try {
    const { mtimeMs, size } = lstatSync(path);
    return [`${path} (${size} bytes, changed ${new Date(mtimeMs).toISOString()})`];
  } catch {
    return [];
  }
}

/**
 * A proxy that lets nothing through and remembers who was asked for. `variables` lead every program to it; what is on
 * loopback is reached without it.
 */
export async function startGatekeeper() {
  const asked = new Set();
  const server = http.createServer((request, response) => {
    asked.add(hostOf(request.url ?? ''));
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    asked.add(hostOf(request.url ?? ''));
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const loopback = '127.0.0.1,localhost,::1';
  return {
    variables: {
      HTTP_PROXY: url,
      HTTPS_PROXY: url,
      http_proxy: url,
      https_proxy: url,
      NO_PROXY: loopback,
      no_proxy: loopback,
    },
    /** Hosts that were asked for, without the package registry of this machine. */
    strangers() {
      const registry = new URL(
        execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim(),
      );
      return [...asked].filter((host) => host !== registry.hostname && !/^registry\./.test(host)).sort();
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function hostOf(url) {
  try {
    return new URL(url.includes('://') ? url : `https://${url}`).hostname;
  } catch {
    return url;
  }
}
