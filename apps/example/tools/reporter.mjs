// A reporter for Node's test runner that says as little as possible: each failure in one line, then the counts.
import { relative } from 'node:path';
import { inspect } from 'node:util';

const short = (value) => inspect(value, { breakLength: Infinity, compact: true, maxStringLength: 120 });

function reasonOf(error) {
  const cause = error?.cause ?? error;
  if (cause?.code !== 'ERR_ASSERTION') return String(cause?.message ?? cause);
  if (cause.operator === 'strictEqual' || cause.operator === 'deepStrictEqual') {
    return `expected ${short(cause.expected)}, got ${short(cause.actual)}`;
  }
  return cause.message.split('\n')[0];
}

export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    else if (type === 'test:pass') counts.passed += 1;
    else {
      counts.failed += 1;
      const file = data.file ? `${relative(process.cwd(), data.file)}: ` : '';
      yield `failed: ${file}${data.name}: ${reasonOf(data.details?.error)}\n`;
    }
  }
  yield `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
}
