import { join } from 'node:path';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { parseWaveFile, resolveWave, validateWave } from '../../built-in';
import type { WaveIdentity } from '../../core/model';
import { readConfig } from '../../core/resolve/read-config';
import { createReferenceReader, levelsOf } from '../../core/resolve/references';
import { heldOutFiles } from '../../core/held-out';
import { isLanded } from '../../core/state/ledger';
import { readHeldOutGround } from '../../edges/git/held-out-ground';
import { readWaveGround } from '../../edges/git/wave-ground';
import type { Repository } from '../../edges/git/contracts';
import { groundPathsOf } from '../../core/validate/ground';
import { readInside, readText } from '../../edges/files/read-file';
import type { Edges } from '../session/edges';
import { readLedger } from '../session/session';
import { findMissingPrograms } from '../slices/proof-programs';

/** A workspace to look at; `git` is null outside of a repository, where nothing is known of the ground of a wave. */
export interface LintPlace {
  workspaceRoot: string;
  git: { repo: Repository; env: Edges['env'] } | null;
}

/** One wave file: its language, its rules across agents, the workspace and repository it refers to, its ledger. */
export async function lintWave(
  { workspaceRoot, git }: LintPlace,
  identity: WaveIdentity,
): Promise<Failure[]> {
  const { path } = identity;
  const { config } = readConfig(await readText(join(workspaceRoot, 'wave.config.json')));
  const text = await readText(join(workspaceRoot, path));
  if (text === null) return [failure('wave-unreadable', `${path} is not there.`, { place: { path } })];
  const read = (file: string) => readInside(workspaceRoot, file);
  const references = createReferenceReader(config, read)(identity);
  const parsed = parseWaveFile({ path, text }, levelsOf(references));
  if (!parsed.ok) return parsed.failures;
  const resolved = resolveWave(parsed.value, { identity, config }, { text, references });
  if (!resolved.ok) return [...parsed.warnings, ...resolved.failures];
  const ledger = await readLedger(join(workspaceRoot, identity.ledgerDir));
  const landed = isLanded(ledger.entries);
  const asked =
    git === null || landed ? null : await readWaveGround(git.repo, git.env, groundPathsOf(resolved.value));
  const heldOut =
    git === null || landed ? null : await readHeldOutGround(git.repo, git.env, heldOutFiles(resolved.value));
  const missing =
    git === null || landed
      ? null
      : await findMissingPrograms(resolved.value, {
          workspaceRoot,
          topLevel: git.repo.topLevel,
          env: git.env,
        });
  const found = validateWave({
    definition: parsed.value,
    wave: resolved.value,
    config,
    text,
    landed,
    read,
    ...(asked?.ok ? { ground: asked.value } : {}),
    ...(heldOut?.ok ? { heldOut: heldOut.value } : {}),
    ...(missing === null ? {} : { missing }),
  });
  const unknown = [asked, heldOut].flatMap((one): Failure[] =>
    one?.ok === false ? [{ ...one.error, severity: 'warning' }] : [],
  );
  return [...parsed.warnings, ...resolved.warnings, ...found, ...unknown, ...ledger.warnings];
}
