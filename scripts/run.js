'use strict';

// npm start, npm test and the like: sets the checkout up, then runs a program of it in this process. What is not part of
// the build runs from its TypeScript. Without a program: npm run setup.
const path = require('node:path');
const { root, setUp } = require('../stack/set-up/checkout');

const [program] = process.argv.splice(2, 1);
try {
  setUp();
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exit(1);
}
if (program) {
  process.chdir(root);
  if (program.endsWith('.ts')) require('./typescript');
  require(path.join(root, program));
}
