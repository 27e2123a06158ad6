'use strict';

const ts = require('typescript');
const path = require('node:path');
const { root } = require('../../stack/set-up/places');
const { Problem } = require('../../stack/set-up/problem');

/**
 * Writes what others compile against. The application's build makes no declarations: nobody compiles against it.
 *
 * @param {string[]} files sources in the checkout
 * @param {string} outDir
 * @throws {Problem} where a type cannot be told
 */
function declare(files, outDir) {
  const compilerOptions = {
    ...{ declaration: true, emitDeclarationOnly: true, sourceMap: false, outDir },
    // The build has checked them.
    ...{ noCheck: true, incremental: false, tsBuildInfoFile: null },
  };
  const config = { extends: './tsconfig.build.json', compilerOptions, include: [], files };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const { diagnostics } = ts.createProgram(fileNames, options).emit();
  if (diagnostics.length === 0) return;
  const said = ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  });
  throw new Problem(`The types of ${path.basename(outDir)} cannot be told`, 'mend what the compiler names', {
    cause: new Error(said),
  });
}

module.exports = { declare };
