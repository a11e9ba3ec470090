import fc from 'fast-check';
import { type Image, type LandTarget, planLanding } from './land-plan';

const image = fc.constantFrom<Image>(
  null,
  { mode: '100644', oid: 'a' },
  { mode: '100644', oid: 'b' },
  { mode: '100755', oid: 'a' },
);
const target = (path: string) =>
  fc.record<LandTarget>({
    path: fc.constant(path),
    head: image,
    staged: image,
    disk: image,
    after: image,
    obstacles: fc.constantFrom([], [], [`${path}/mine`]),
  });
const targets = fc.tuple(target('a'), target('b'), target('c'));
const text = (value: Image) => JSON.stringify(value);

describe('planning a landing', () => {
  it('writes a path only where nobody else has changed it, and every path that is not there yet', () => {
    fc.assert(
      fc.property(targets, (all) => {
        const plan = planLanding(all, true, (path) => path);
        const foreign = all.filter(
          (t) =>
            t.obstacles.length > 0 ||
            [t.disk, t.staged].some((now) => ![text(t.head), text(t.after)].includes(text(now))),
        );
        if (!plan.ok) expect(foreign).not.toEqual([]);
        else {
          expect(foreign).toEqual([]);
          expect(plan.value.write.map((t) => t.path)).toEqual(
            all.filter((t) => text(t.disk) !== text(t.after)).map((t) => t.path),
          );
        }
      }),
    );
  });

  it('names every path in the way, each once, and stops counting aloud at ten', () => {
    const all = Array.from({ length: 12 }, (_, i) => ({
      path: `f${String(i).padStart(2, '0')}`,
      head: null,
      staged: null,
      disk: { mode: '100644', oid: 'mine' },
      after: { mode: '100644', oid: 'theirs' },
      obstacles: [],
    }));
    const plan = planLanding(all, true, (path) => `ws/${path}`);
    expect(plan).toMatchObject({
      ok: false,
      error: { code: 'uncommitted-changes', facts: { paths: { length: 12 } } },
    });
    expect(plan.ok ? '' : plan.error.message).toMatch(/ws\/f09, and 2 more\.$/);
  });
});
