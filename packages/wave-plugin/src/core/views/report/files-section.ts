import { count } from '../../count';
import { changedFiles } from './changed-files';
import { code, plain, section, type ReportBlock } from './block';
import { whyNotShown, type ReportedPatch, type ReportInput } from './report-input';
import { splitPatch, type FilePatch } from './split-patch';

/** One file of the wave with what one agent changes in it. */
export interface FileView {
  path: string;
  /** `new, by A1, +3 −0`. */
  about: string;
  added: number;
  removed: number;
  text: string | null;
  note: string | null;
}

/** So much of a file, and of all files together, is shown; the whole stands in the patch. Characters and lines. */
const perFile = { length: 60_000, lines: 600 };
const allTogether = 1_500_000;
/** From so many files on they are folded by folder. */
const manyFiles = 60;

/** Every path that the wave changes, with its diff where there is room for it. */
export function filesOf(input: ReportInput): FileView[] {
  const diffs = new Map<string, { patch: ReportedPatch; part: FilePatch }[]>();
  for (const patch of input.patches)
    for (const part of splitPatch(patch.text ?? ''))
      if (part.path !== null) diffs.set(part.path, [...(diffs.get(part.path) ?? []), { patch, part }]);
  let room = allTogether;
  return changedFiles(input).flatMap(({ path, kind, agents }): FileView[] => {
    const own = diffs.get(path) ?? [];
    if (own.length === 0) {
      const note = noteOf(input.patches.filter(({ unitId }) => agents.includes(unitId)));
      return [
        { path, about: [kind, `by ${agents.join(', ')}`].join(', '), added: 0, removed: 0, text: null, note },
      ];
    }
    return own.map(({ patch, part }) => {
      const { added, removed } = part;
      const about = `${kind}, by ${patch.unitId}, +${added} \u2212${removed}`;
      const isShort =
        part.text.length <= Math.min(perFile.length, room) && lineCount(part.text) <= perFile.lines;
      if (!isShort)
        return {
          path,
          about,
          added,
          removed,
          text: null,
          note: `It is long: the whole of it is in ${patch.path}.`,
        };
      room -= part.text.length;
      return { path, about, added, removed, text: part.text, note: null };
    });
  });
}

function lineCount(text: string): number {
  return text.split('\n').length;
}

/** Why the diff of a file is not there. */
function noteOf(patches: readonly ReportedPatch[]): string | null {
  const [hidden] = patches.filter(({ text }) => text === null);
  return hidden === undefined ? null : `The patch of ${hidden.unitId} ${whyNotShown(hidden)}: ${hidden.path}`;
}

/** Changes by file, folded by folder where there are many. */
export function filesSection(files: readonly FileView[]): ReportBlock[] {
  const blocks = files.map(({ path, about, text, note }): ReportBlock => ({
    kind: 'file',
    path,
    about,
    text,
    note,
  }));
  const paths = new Set(files.map(({ path }) => path)).size;
  return section(
    `What it changes: ${count(paths, 'path')}`,
    ...(files.length <= manyFiles ? blocks : byFolder(files)),
  );
}

/** One fold for each folder, those of many files by their next folders. */
function byFolder(files: readonly FileView[]): ReportBlock[] {
  const folders = new Map<string, FileView[]>();
  for (const file of files) {
    const folder = file.path.split('/').slice(0, -1).slice(0, 3).join('/');
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders].map(([folder, own]): ReportBlock => ({
    kind: 'group',
    title: `${folder === '' ? 'the top folder' : `${folder}/`}: ${count(own.length, 'file')}`,
    blocks: own.map(({ path, about, text, note }): ReportBlock => ({
      kind: 'file',
      path,
      about,
      text,
      note,
    })),
  }));
}

/** What was changed and refused, file by file. */
export function refusedSection({ refused = [] }: ReportInput): ReportBlock[] {
  return section(
    'Refused changes',
    ...refused.map((patch): ReportBlock => {
      const { unitId, text, path } = patch;
      if (text === null)
        return {
          kind: 'paragraph',
          spans: [plain(`The patch of ${unitId} ${whyNotShown(patch)}: `), code(path)],
        };
      const parts = splitPatch(text);
      if (parts.length === 0) return { kind: 'fold', title: `${unitId}: ${path}`, text };
      return {
        kind: 'group',
        title: `${unitId}: ${count(parts.length, 'file')}, whole in ${path}`,
        blocks: parts.map((part): ReportBlock => {
          const isShort = part.text.length <= perFile.length && lineCount(part.text) <= perFile.lines;
          return {
            kind: 'file',
            path: part.path ?? '(unnamed)',
            about: `refused, by ${unitId}, +${part.added} \u2212${part.removed}`,
            text: isShort ? part.text : null,
            note: isShort ? null : `It is long: the whole of it is in ${path}.`,
          };
        }),
      };
    }),
  );
}
