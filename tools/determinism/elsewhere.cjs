/**
 * Loaded before a program (`node --require`): what it sees is another machine's. `LISTED=backwards`: folders are listed in the other
 * order, which a file system may do. `AHEAD=<milliseconds>`: the clock is ahead.
 */
const fs = require('node:fs');

if (process.env.LISTED === 'backwards') {
  const list = fs.readdirSync;
  fs.readdirSync = (...args) => list(...args).reverse();
  const listLater = fs.promises.readdir;
  fs.promises.readdir = async (...args) => (await listLater(...args)).reverse();
}

const ahead = Number(process.env.AHEAD ?? 0);
if (ahead > 0) {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...args) {
      if (args.length === 0) super(Real.now() + ahead);
      else super(...args);
    }
    static now() {
      return Real.now() + ahead;
    }
  };
}
