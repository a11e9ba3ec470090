import { json, type Shape } from '../proof-case';

/** A service in layers, on node:test: router, routes, services, repository. */
export const api: Shape = {
  runner: 'node:test',
  commands: ['node --test test/users.test.mjs test/router.test.mjs'],
  files: {
    'package.json': json({ name: 'api', type: 'module', scripts: { test: 'node --test' } }),
    'src/errors.mjs': `export class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}
`,
    'src/router.mjs': `import { HttpError } from './errors.mjs';

export class Router {
  #routes = [];

  on(method, path, handler) {
    this.#routes.push({ method, parts: path.split('/'), handler });
    return this;
  }

  async handle({ method, url, body }) {
    const parts = url.split('/');
    for (const route of this.#routes) {
      const params = match(route.parts, parts);
      if (route.method !== method || params === null) continue;
      try {
        return { status: 200, body: await route.handler({ params, body }) };
      } catch (error) {
        if (error instanceof HttpError) return { status: error.status, body: { error: error.message } };
        throw error;
      }
    }
    return { status: 404, body: { error: 'no such route' } };
  }
}

function match(pattern, parts) {
  if (pattern.length !== parts.length) return null;
  const params = {};
  for (const [at, part] of pattern.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = parts[at];
    else if (part !== parts[at]) return null;
  }
  return params;
}
`,
    'src/repo/memory.mjs': `export class MemoryRepo {
  #rows = new Map();
  #next = 1;

  insert(row) {
    const id = String(this.#next++);
    this.#rows.set(id, { ...row, id });
    return this.#rows.get(id);
  }

  find(id) {
    return this.#rows.get(id) ?? null;
  }

  all() {
    return [...this.#rows.values()];
  }
}
`,
    'src/services/users.mjs': `import { HttpError } from '../errors.mjs';

export class UserService {
  constructor(repo) {
    this.repo = repo;
  }

  create({ name, mail }) {
    if (!mail?.includes('@')) throw new HttpError(400, 'mail is wrong');
    return this.repo.insert({ name, mail });
  }

  get(id) {
    const user = this.repo.find(id);
    if (user === null) throw new HttpError(404, 'no such user');
    return user;
  }
}
`,
    'src/routes/users.mjs': `export function userRoutes(router, service) {
  router.on('POST', '/users', ({ body }) => service.create(body));
  router.on('GET', '/users/:id', ({ params }) => service.get(params.id));
  return router;
}
`,
    'src/app.mjs': `import { MemoryRepo } from './repo/memory.mjs';
import { Router } from './router.mjs';
import { userRoutes } from './routes/users.mjs';
import { UserService } from './services/users.mjs';

export function createApp(repo = new MemoryRepo()) {
  return userRoutes(new Router(), new UserService(repo));
}
`,
    'test/users.test.mjs': `import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createApp } from '../src/app.mjs';

describe('users', () => {
  it('are created and found', async () => {
    const app = createApp();
    const made = await app.handle({ method: 'POST', url: '/users', body: { name: 'Ada', mail: 'ada@example.test' } });
    assert.equal(made.status, 200);
    const found = await app.handle({ method: 'GET', url: '/users/' + made.body.id });
    assert.equal(found.body.name, 'Ada');
  });

  it('need a mail address', async () => {
    const answer = await createApp().handle({ method: 'POST', url: '/users', body: { name: 'Ada' } });
    assert.equal(answer.status, 400);
  });
});
`,
    'test/router.test.mjs': `import test from 'node:test';
import assert from 'node:assert/strict';
import { Router } from '../src/router.mjs';

test('an unknown route is 404', async () => {
  assert.equal((await new Router().handle({ method: 'GET', url: '/' })).status, 404);
});
`,
  },
};
