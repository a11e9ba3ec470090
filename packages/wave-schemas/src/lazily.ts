/**
 * A schema, or an object of them, that is made when something first looks at it. Making schemas is most of what loading this
 * package takes, and a process needs few of them. Stands for what it makes in every respect but identity; not for a schema
 * that is `optional`, `nullable` or has a default, which zod looks up by itself when it writes JSON Schema.
 */
export function lazily<S extends object>(make: () => S): S {
  let made: S | undefined;
  const real = (): S => (made ??= make());
  return new Proxy({} as S, {
    // What zod keeps at a schema, it keeps at this one: methods are bound to what they are read from.
    get: (own, key, receiver): unknown =>
      Object.hasOwn(own, key) ? Reflect.get(own, key) : Reflect.get(real(), key, receiver),
    has: (own, key) => Object.hasOwn(own, key) || Reflect.has(real(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(real()),
    ownKeys: () => Reflect.ownKeys(real()),
    getOwnPropertyDescriptor: (_, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(real(), key);
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}
