import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LedgerEntry } from '@nx-wave/schemas';
import { sha256 } from '@nx-wave/schemas/plain';
import { filesBelow, type Kind } from './tamper';
import { decidingMembers, documentTrials, jsonMeaning, never, served, type Place, type Trial } from './trial';
import type { Outcome } from './world';

export const ledger: Place = {
  name: 'ledger',
  doors: ['launch'],
  alone: () => [],
  isRead: served,
  trials: async (world) => {
    const folder = join(world.root, 'docs/plans/waves/wave-1.ledger');
    const trials = documentTrials(folder, /\.json$/, {
      // Named, or it is a decision that decides nothing here: neither may change what the wave closes on.
      isUsed: unsaid,
      means: decidingMembers(({ by: _by, reason: _reason, recordedAt: _at, id: _id, ...rest }) => rest),
    });
    return [...trials, ...ledgerForgeries(folder)];
  },
};

/** What cannot be read is named, or a person never learns that a decision is gone. */
const unsaid =
  (path: string) =>
  ({ lines }: Outcome): boolean =>
    existsSync(path) &&
    jsonMeaning(readFileSync(path, 'utf8')).startsWith('broken') &&
    !lines.some((line) => line.includes(basename(path)));

/** Entries that nobody of this wave has decided. */
function ledgerForgeries(folder: string): Trial[] {
  const [path = ''] = filesBelow(folder);
  const known = filesBelow(folder).map((one) => JSON.parse(readFileSync(one, 'utf8')) as LedgerEntry);
  const common = known[0];
  const id = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ';
  const add = (more: Record<string, unknown>) => {
    const entry = { ...common, code: undefined, agentId: undefined, paths: undefined, id, ...more };
    writeFileSync(join(dirname(path), `${id}-${String(more['type'])}.json`), JSON.stringify(entry));
  };
  const trial = (kind: Kind, what: string, rest: Pick<Trial, 'act' | 'isUsed'>): Trial => ({
    ...{ kind, what, agent: null, honest: false, ...rest },
  });
  const digest = sha256('nobody has made it');
  const landed = { type: 'wave.landed', closureDigest: digest, changes: [], agents: [] };
  const isLanded = ({ closure }: Outcome) => closure?.landed === true;
  const waiver = known.findIndex(({ type }) => type === 'gate.waived');
  return [
    trial('swapped or replayed', 'a landing of another wave', {
      act: () => add({ ...landed, wave: 'wave-9' }),
      isUsed: isLanded,
    }),
    trial('swapped or replayed', 'the waiver of another wave in place of its own', {
      act() {
        const file = filesBelow(folder)[waiver] ?? '';
        writeFileSync(file, JSON.stringify({ ...known[waiver], wave: 'wave-9' }));
      },
      isUsed: ({ tasks }) => tasks['gate-integration'] === 'passed',
    }),
    trial('swapped or replayed', 'a request of another wave to run again', {
      act: () =>
        add({ type: 'retry.applied', agents: ['A1'], fresh: true, executorChanges: [], wave: 'wave-9' }),
      isUsed: ({ starts }) => starts.includes('A1'),
    }),
    ...['../', '.git/hooks/', 'docs/plans/waves/wave-1.ledger/'].map((granted) =>
      trial('forged, digests right', `an amendment that grants ${granted}`, {
        act: () => add({ type: 'ownership.amended', agentId: 'A1', paths: [granted] }),
        isUsed: never,
      }),
    ),
    trial('forged, digests right', 'a slice of a person that there is not', {
      act: () => add({ type: 'slice.adopted', agentId: 'A1', proofDigest: digest, resultDigest: digest }),
      isUsed: ({ tasks }) => tasks['launch'] === 'passed',
    }),
    trial('forged, digests right', 'a waiver of what cannot be waived', {
      act: () => add({ type: 'gate.waived', code: 'merge-red', agentId: null }),
      isUsed: never,
    }),
  ];
}
