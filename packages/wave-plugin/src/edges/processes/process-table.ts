import { closeSync, openSync, readFileSync, readSync, readdirSync, readlinkSync } from 'node:fs';
import { isInside } from './environment';
import { runToEnd } from './start-program';

/** One living process. `startedAt` is the kernel's own stamp: pid and stamp together are never reused. */
export interface ProcessEntry {
  pid: number;
  ppid: number;
  startedAt: string;
  /**
   * Its process group, where it is known that no stranger is in it: groups never reach beyond a session, and what is
   * supervised has sessions of its own. Linux only.
   */
  group?: number;
  /** Whether it has a controlling terminal, where that is known. */
  hasTerminal?: boolean;
}

/** The variable that marks every process of one agent run, whatever session it moves to. */
export const runMarkerName = 'WAVE_RUN_MARKER';

/** What the operating system tells about living processes. Zombies are not alive. */
export interface ProcessTable {
  list(): Promise<ProcessEntry[]>;
  /** Processes of this user whose start environment carries the marker, `among` those of a list where one is given. */
  listMarked(marker: string, among?: readonly ProcessEntry[]): Promise<ProcessEntry[]>;
  /**
   * Those of a list that work in a folder, have no terminal, and were born after another one: what has thrown its
   * marker away and left its family still stands in the checkout that it was started in. Linux only; elsewhere nobody.
   */
  listInside(folder: string, bornAfter: ProcessEntry, among: readonly ProcessEntry[]): ProcessEntry[];
}

/** Those of a list that cannot be older than another process of this machine; all where times cannot be compared. */
export function bornSince(first: ProcessEntry, among: readonly ProcessEntry[]): ProcessEntry[] {
  const from = Number(first.startedAt);
  return among.filter(({ startedAt }) => !(Number(startedAt) < from));
}

/** Linux reads /proc; elsewhere `ps` is asked. */
export function createProcessTable(): ProcessTable {
  return process.platform === 'linux'
    ? { list: listProc, listMarked: listMarkedProc, listInside: listInsideProc }
    : psTable;
}

async function listProc(): Promise<ProcessEntry[]> {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = readStat(Number(name));
    return stat === null ? [] : [stat];
  });
}

function listInsideProc(
  folder: string,
  bornAfter: ProcessEntry,
  among: readonly ProcessEntry[],
): ProcessEntry[] {
  return bornSince(bornAfter, among).filter(({ pid, hasTerminal }) => {
    const place = hasTerminal === false ? linkOrNull(`/proc/${pid}/cwd`) : null;
    return place !== null && isInside(folder, place.replace(/ \(deleted\)$/, ''));
  });
}

function linkOrNull(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** The second field is a free name in parentheses that may itself contain parentheses and spaces. */
function readStat(pid: number): ProcessEntry | null {
  const stat = readLine(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ppid, group, terminal, startedAt] = [fields[0], fields[1], fields[2], fields[4], fields[19]];
  if (state === 'Z' || state === 'X') return null;
  if (ppid === undefined || terminal === undefined || startedAt === undefined) return null;
  return { pid, ppid: Number(ppid), group: Number(group), startedAt, hasTerminal: terminal !== '0' };
}

async function listMarkedProc(marker: string, among?: readonly ProcessEntry[]): Promise<ProcessEntry[]> {
  const wanted = `${runMarkerName}=${marker}`;
  return (among ?? (await listProc())).filter(({ pid }) => {
    const environ = readOrNull(`/proc/${pid}/environ`);
    return environ !== null && environ.split('\0').includes(wanted);
  });
}

/** Longer than any line of `/proc/<pid>/stat`. */
const line = Buffer.alloc(4096);

/** The start of a file, with the fewest calls: a list of processes reads hundreds. */
function readLine(path: string): string | null {
  let file;
  try {
    file = openSync(path, 'r');
    return line.toString('latin1', 0, readSync(file, line, 0, line.length, 0));
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** A process may end, or belong to someone else, between two reads. */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

const psTable: ProcessTable = {
  listInside: () => [],
  list: async () => (await ps(['-axo', 'pid=,ppid=,stat=,lstart='])).flatMap(parsePsLine),
  listMarked: async (marker) => {
    const wanted = new RegExp(`(^|\\s)${runMarkerName}=${escapeRegExp(marker)}(\\s|$)`);
    const lines = await ps(['-axEwwo', 'pid=,ppid=,stat=,lstart=,command=']);
    return lines.filter((line) => wanted.test(line)).flatMap(parsePsLine);
  },
};

/** `  501     1 Ss   Sun Nov 22 08:04:53 2026 …` */
export function parsePsLine(line: string): ProcessEntry[] {
  const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)/.exec(line);
  if (match === null || match[3]?.startsWith('Z')) return [];
  return [{ pid: Number(match[1]), ppid: Number(match[2]), startedAt: String(match[4]) }];
}

async function ps(args: string[]): Promise<string[]> {
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };
  const ran = await runToEnd('ps', args, { cwd: '/', env });
  if ('errorCode' in ran) return [];
  return ran.stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Command lines of the processes that started this one, nearest first: of Nx, and of what called it. */
export async function commandLinesAbove(levels: number): Promise<string[][]> {
  const table = await createProcessTable().list();
  const found: string[][] = [];
  for (let pid = process.ppid; pid > 1 && found.length < levels;) {
    const onLinux = process.platform === 'linux';
    const text = onLinux
      ? readOrNull(`/proc/${pid}/cmdline`)
      : (await ps(['-wwo', 'command=', '-p', String(pid)]))[0];
    found.push((text ?? '').split(onLinux ? '\0' : /\s+/));
    pid = table.find((entry) => entry.pid === pid)?.ppid ?? 0;
  }
  return found;
}

/** All descendants of the roots, parents first; the roots themselves are not listed. */
export function descendantsOf(table: readonly ProcessEntry[], roots: readonly number[]): ProcessEntry[] {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of table) children.set(entry.ppid, [...(children.get(entry.ppid) ?? []), entry]);
  const found = new Map<number, ProcessEntry>();
  const queue = [...roots];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    for (const child of children.get(pid) ?? []) {
      if (found.has(child.pid)) continue;
      found.set(child.pid, child);
      queue.push(child.pid);
    }
  }
  return [...found.values()];
}
