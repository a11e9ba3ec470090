import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A check of the product that lets poisoned entries in where it is switched off: for negative controls and for attackers. */
export interface Check {
  /** What the check holds. */
  what: string;
  /** What of the published code is replaced; it has to be there. */
  from: RegExp;
  to: string;
}

const returning = (name: string, value: string): Pick<Check, 'from' | 'to'> => ({
  from: new RegExp(`function ${name}\\(`),
  to: `function ${name}() { return ${value}; }\nfunction ${name}_switched_off(`,
});

export const checks = {
  bytes: {
    what: 'every file of a bundle has the hash of its manifest',
    from: /digest !== await hashFile\(file\.absolute\)/,
    to: 'false',
  },
  handoff: {
    what: 'a handoff is the one that its bundle gives',
    from: /=== \S*canonicalJson\)?\(handoff\) \? null : /,
    to: "=== '' || true ? null : ",
  },
  ownership: {
    what: 'what a bundle changes stays inside the ownership of its agent',
    ...returning('leavesOwnership', '[]'),
  },
  slices: { what: 'slices of a stage are those of its verdict', ...returning('isJudged', 'true') },
  signatures: {
    what: 'what comes from elsewhere is signed by somebody who may',
    ...returning('bundleRefusals', '{ refusalOf: () => Promise.resolve(null), refused: [] }'),
  },
  /** Of the runner that makes a bundle, not of the one that takes it: an attacker has none. */
  'own ownership': {
    what: 'a runner seals nothing that its agent does not own',
    ...returning('checkOwnership', '[]'),
  },
} satisfies Record<string, Check>;

export type CheckName = keyof typeof checks;

/** Switches a check off in the packages that a workspace has installed. Its siblings keep theirs: files are replaced, never changed. */
export function switchOff(root: string, name: CheckName): void {
  const { from, to }: Check = checks[name];
  const dist = join(root, 'node_modules', '@nx-wave', 'plugin', 'dist');
  const all = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'));
  let places = 0;
  for (const path of all.map((one) => join(dist, one))) {
    const text = readFileSync(path, 'utf8');
    if (!from.test(text)) continue;
    places += 1;
    writeFileSync(
      `${path}.new`,
      text.replace(from, () => to),
    );
    renameSync(`${path}.new`, path);
  }
  if (places === 0) throw new Error(`the published code does not hold the check "${name}": ${String(from)}`);
}
