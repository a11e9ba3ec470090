import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { splitCommandLine } from '../../core/command-line';
import { namesIn } from '../../edges/files/list-folder';
import { placeInside } from '../../edges/files/place-inside';
import { readText } from '../../edges/files/read-file';
import { realPath } from '../../edges/files/stat';
import { writeScratch } from '../../edges/files/write-file';
import type { Checkout } from '../../edges/git/contracts';
import type { HelperFile, ProofTree, ReportPlace, TestReport, TestRunner } from '../../proof/contracts';
import type { SeenCommand } from '../../proof/counted';
import { findTestInvocations } from '../../proof/runners/find-invocations';
import { testRunners } from '../../proof/runners/registry';
import type { Session } from '../session/session';

/** Watches which tests proof commands run, while they run: nothing of what they do is another. */
export interface TestObserver {
  /** Called before a command starts: what its environment gets besides. */
  begin(command: string): Promise<Record<string, string>>;
  /** Called when it has ended. */
  end(command: string): Promise<void>;
  /** What was seen, in the order in which the commands began. */
  seen: SeenCommand[];
}

/** One runner of a command that runs now. */
interface Watched {
  runner: TestRunner;
  place: ReportPlace;
  helpers: readonly HelperFile[];
}

/** The tree of a checkout, for runners: its files, and the targets that Nx knows of the workspace. */
export function proofTreeOf(session: Session, checkout: Checkout): ProofTree {
  return {
    read: (path) => readInCheckout(checkout, path),
    target: async (project, target) => session.nxTarget(project, target),
  };
}

/** A text of a checkout; null where there is none, or nothing that may be read. */
export async function readInCheckout({ workspaceDir }: Checkout, path: string): Promise<string | null> {
  const place = await placeInside(workspaceDir, path);
  return place === null ? null : readText(place).catch(() => null);
}

/** An observer for one run of proof commands in a checkout. Reports stand in its temp folder and are gone with the next cleaning. */
export async function observeTests(session: Session, checkout: Checkout): Promise<TestObserver> {
  const tree = proofTreeOf(session, checkout);
  const root = await realPath(checkout.workspaceDir);
  const tmp = await realPath(checkout.tmpDir);
  const seen: SeenCommand[] = [];
  let watched: Watched[] = [];
  return {
    seen,
    async begin(command) {
      watched = [];
      const line = splitCommandLine(command);
      const found = line.ok ? await findTestInvocations(line.words, tree, testRunners) : [];
      const runners = [...new Set(found.map(({ runner }) => runner))];
      seen.push({ command, runners: runners.map(({ id }) => id), report: null });
      // Options of Node are parted by blanks.
      if (/\s/.test(tmp)) return {};
      const env: Record<string, string> = {};
      const options = new Set<string>();
      for (const runner of runners) {
        const place = { folder: join(tmp, `reports-${randomUUID()}`), root };
        const instruments = found
          .filter((one) => one.runner === runner)
          .map(({ invocation }) => runner.instrument(invocation, place));
        // Two forms of one runner in one script would need two environments.
        const forms = new Set(instruments.map((instrument) => JSON.stringify(instrument)));
        if (instruments.includes(null) || forms.size > 1) return {};
        const files = new Map<string, HelperFile>();
        for (const instrument of instruments) {
          if (instrument === null) continue;
          Object.assign(env, instrument.env);
          for (const option of instrument.nodeOptions) options.add(option);
          for (const file of instrument.files) files.set(file.name, file);
        }
        const helpers = [...files.values()];
        for (const { name, text } of helpers) await writeScratch(join(place.folder, name), text);
        watched.push({ runner, place, helpers });
      }
      return options.size === 0 ? env : { ...env, NODE_OPTIONS: [...options].join(' ') };
    },
    async end(command) {
      const last = seen.at(-1);
      if (last?.command !== command || watched.length === 0) return;
      const reports = await Promise.all(watched.map(readReports));
      const whole = reports.every((report) => report !== null)
        ? { files: reports.flatMap(({ files }) => files) }
        : null;
      seen[seen.length - 1] = { ...last, report: whole };
    },
  };
}

async function readReports({ runner, place, helpers }: Watched): Promise<TestReport | null> {
  const names = (await namesIn(place.folder)).filter((name) => helpers.every((one) => one.name !== name));
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: (await readText(join(place.folder, name))) ?? '' })),
  );
  return runner.readReport(files, place);
}
