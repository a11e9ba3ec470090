import { failure } from '@nx-wave/schemas/plain';
import { commandLine, findOwnershipConflicts, planLines } from './plan';

describe('findOwnershipConflicts', () => {
  it('tells a conflict inside a stage from work that builds on work', () => {
    const units = [
      { unitId: 'A1', stage: 'implementation', owned: ['src/', 'docs/a.md'], dependsOn: [] },
      { unitId: 'A2', stage: 'implementation', owned: ['src/b/', 'docs/c.md'], dependsOn: [] },
      { unitId: 'A9', stage: 'documentation', owned: ['docs/a.md'], dependsOn: [] },
    ];
    expect(findOwnershipConflicts(units)).toEqual([
      'A1 and A2 both own src/b/; in the same stage: their slices may conflict',
      'A1 and A9 both own docs/a.md; A9 builds on what A1 left',
    ]);
  });

  it('says who builds on whom where one of a stage waits for the other', () => {
    const unit = (unitId: string, dependsOn: string[]) => ({
      unitId,
      stage: 'implementation',
      owned: ['src/a.ts'],
      dependsOn,
    });
    expect(findOwnershipConflicts([unit('A1', ['A2']), unit('A2', [])])).toEqual([
      'A1 and A2 both own src/a.ts; A1 builds on what A2 left',
    ]);
  });

  it('says nothing where no path is shared, however alike the names are', () => {
    const units = [
      { unitId: 'A1', stage: 'implementation', owned: ['src/a', 'lib/'], dependsOn: [] },
      { unitId: 'A2', stage: 'implementation', owned: ['src/ab', 'library/'], dependsOn: [] },
    ];
    expect(findOwnershipConflicts(units)).toEqual([]);
  });
});

describe('commandLine', () => {
  const plan = { command: 'run it', args: ["it's", '--plain=1', ''], env: [], files: [], notices: [] };

  it('quotes what a shell would split', () => {
    expect(commandLine(plan)).toBe("'run it' 'it'\\''s' --plain=1 ''");
  });

  it('cuts words that nobody reads to their end', () => {
    expect(commandLine({ ...plan, args: ['x'.repeat(500)] }).length).toBeLessThan(200);
  });
});

describe('planLines', () => {
  it('parts what stops a launch from advice, errors among it included', () => {
    const lines = planLines({
      schemaVersion: 1,
      wave: 'wave-1',
      landed: false,
      runMode: 'auto',
      notAsked: ['the Nx cache', 'the shared store file:///srv/proofs'],
      units: [],
      forecast: { units: [], usd: null, minutes: null, unknown: [] },
      conflicts: [],
      stops: [failure('nx-settings-reach', 'nx.json sets the inputs.')],
      warnings: [failure('skill-missing', 'No such skill.')],
    });
    const [stops, advice] = ['Stops the launch:', 'Advice (a launch runs all the same):'].map((title) =>
      lines.indexOf(title),
    );
    expect(lines[(stops ?? -1) + 1]).toContain('nx.json sets the inputs.');
    expect(lines[(advice ?? -1) + 1]).toContain('No such skill.');
    expect(lines.join('\n')).toContain(
      'what the Nx cache and the shared store file:///srv/proofs hold is not asked',
    );
  });
});
