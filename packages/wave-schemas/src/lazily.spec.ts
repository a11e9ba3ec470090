import * as z from 'zod';
import { lazily } from './lazily';

it('makes nothing before something looks at it, and then once', () => {
  let made = 0;
  const schema = lazily(() => {
    made += 1;
    return z.strictObject({ name: z.string() });
  });
  const list = z.array(schema);
  expect(made).toBe(0);
  expect(list.parse([{ name: 'a' }])).toEqual([{ name: 'a' }]);
  expect(schema.safeParse({ name: 1 }).success).toBe(false);
  expect(made).toBe(1);
});

it('is the schema in what zod makes of it', () => {
  const plain = z.looseObject({ id: z.string(), more: z.array(z.int()).optional() });
  const lazy = lazily(() => plain);
  const holder = (one: z.ZodType) => z.strictObject({ one, other: one, maybe: one.optional() });
  const asJson = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', reused: 'ref' });
  expect(asJson(holder(lazy))).toEqual(asJson(holder(plain)));
  expect(lazy.omit({ more: true }).parse({ id: 'a' })).toEqual({ id: 'a' });
  expect(lazy instanceof z.ZodObject).toBe(true);
  const { parse } = lazy;
  expect(parse({ id: 'a' })).toEqual({ id: 'a' });
});

it('stands for a group of schemas, too', () => {
  const group = lazily(() => ({ a: z.string(), b: z.int() }));
  expect(z.object({ ...group }).parse({ a: 'x', b: 1 })).toEqual({ a: 'x', b: 1 });
});
