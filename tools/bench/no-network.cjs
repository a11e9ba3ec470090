/**
 * Preloaded (`NODE_OPTIONS=--require`): nothing of the process reaches another host, and each attempt is one line of the file
 * `NO_NETWORK`.
 */
const { appendFileSync } = require('node:fs');
const { Socket } = require('node:net');

const { connect } = Socket.prototype;
Socket.prototype.connect = function refuse(...args) {
  const [{ host, path } = {}] = Array.isArray(args[0]) ? args[0] : args;
  if (path !== undefined || host === undefined || ['localhost', '127.0.0.1', '::1'].includes(host))
    return connect.apply(this, args);
  appendFileSync(process.env.NO_NETWORK, `${host}\n`);
  return this.destroy(new Error(`no network in a benchmark: ${host}`));
};
