import { join } from 'node:path';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { parseWaveFile, resolveWave, validateWave } from '../../built-in';
import type { WaveIdentity } from '../../core/model';
import { readConfig } from '../../core/resolve/read-config';
import { createReferenceReader, levelsOf } from '../../core/resolve/references';
import { isLanded } from '../../core/state/ledger';
import { readInside, readText } from '../../edges/files/read-file';
import { readLedger } from '../session/session';

/** One wave file: its language, its rules across agents, the workspace it refers to, its ledger. */
export async function lintWave(workspaceRoot: string, identity: WaveIdentity): Promise<Failure[]> {
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
  const found = validateWave({
    definition: parsed.value,
    wave: resolved.value,
    config,
    text,
    landed: isLanded(ledger.entries),
    read,
  });
  return [...parsed.warnings, ...resolved.warnings, ...found, ...ledger.warnings];
}
