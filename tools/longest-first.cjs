const { default: Sequencer } = require('@jest/test-sequencer');

/** Specs that start Nx, which take minutes, before the others: the last one to begin must not be the longest. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const startsNx = ({ path }) => /[\\/]tools[\\/].*e2e\.spec\.ts$/.test(path);
    const sorted = super.sort(tests);
    return [...sorted.filter(startsNx), ...sorted.filter((test) => !startsNx(test))];
  }
};
