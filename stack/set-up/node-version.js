'use strict';

const { Problem } = require('./problem');

/** @throws {Problem} if this Node is too old for the project */
function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 3)) return;
  throw new Problem(`Node ${version} is too old`, 'install Node 20.3 or newer (https://nodejs.org)');
}

module.exports = { checkNode };
