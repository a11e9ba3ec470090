/** execa for tests, loaded by Node: `import('execa')` is a `require` there, see tsconfig.jest.json. */
module.exports = globalThis.hostRequire('execa');
