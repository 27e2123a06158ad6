'use strict';

const { engines } = require('../package.json');

/** Whatever the version, it can run this. @throws {Error} with what to do, where Node is too old for the project */
function checkNode(version = process.versions.node) {
  const oldest = engines.node.replace('>=', '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Error(`Node ${version} is too old: install Node ${oldest} or newer (https://nodejs.org)`);
}

module.exports = { checkNode };
