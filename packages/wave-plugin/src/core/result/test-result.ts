import type { StrengthMeasured, TestResultStatement } from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';

/**
 * The measurement as in-toto's own `test-result`, about the tree of base and slice. `WARNED`: green, and not measured up to
 * the level that was asked. Names are commands: titles of tests stay with their runner.
 */
export function testResultOf(
  strength: StrengthMeasured,
  { tree, passed }: { tree: string; passed: boolean },
): TestResultStatement {
  const names = strength.commands.map(({ command }) => command);
  const warned = strength.unmeasured !== null;
  const list = passed ? (warned ? 'warnedTests' : 'passedTests') : 'failedTests';
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'tree', digest: { gitTree: tree } }],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: passed ? (warned ? 'WARNED' : 'PASSED') : 'FAILED',
      configuration: [
        {
          name: `proof strength: ${strength.asked}`,
          digest: { sha256: digestOf({ level: strength.asked, commands: names }) },
        },
      ],
      [list]: names,
    },
  };
}
