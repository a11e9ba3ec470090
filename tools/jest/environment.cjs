const { TestEnvironment } = require('jest-environment-node');

/** Node as jest gives it to tests, and a `require` of Node itself: jest's own reads ES modules only under a flag of Node. */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.hostRequire = require;
  }
};
