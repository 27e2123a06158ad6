'use strict';

const path = require('node:path');
const ts = require('typescript');
const { root } = require('../../stack/set-up/places');
const { Problem } = require('../../stack/set-up/problem');

/**
 * Compiles a file and all that it reaches, and nothing else: a package holds what its entry needs, without a list that
 * somebody must keep.
 *
 * @param {string} entry in the checkout, such as `cli/main.ts`
 * @param {string} outDir
 * @param {{ declaration: boolean }} options
 * @returns {{ folders: string[], packages: string[] }} our folders and the packages of others that it reaches
 * @throws {Problem} where the types that it exports cannot be told
 */
function compile(entry, outDir, { declaration }) {
  const { program, sources } = reach(path.join(root, entry), {
    ...buildOptions(),
    outDir,
    declaration,
  });
  const { diagnostics } = program.emit();
  if (diagnostics.length > 0) {
    const said = ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    });
    throw new Problem(`${entry} cannot be packed`, 'mend what the compiler names', {
      cause: new Error(said),
    });
  }
  const imported = sources.flatMap(({ text }) => ts.preProcessFile(text).importedFiles);
  return {
    folders: unique(sources.map(({ fileName }) => firstParts(path.relative(root, fileName), 1))),
    packages: unique(
      imported
        .map(({ fileName }) => fileName)
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
        .map((name) => firstParts(name, name.startsWith('@') ? 2 : 1)),
    ),
  };
}

function buildOptions() {
  const compilerOptions = {
    ...{ incremental: false, tsBuildInfoFile: null },
    // The build has checked them; a source map is of no use without the sources.
    ...{ noCheck: true, sourceMap: false },
  };
  const config = { extends: './tsconfig.build.json', compilerOptions, include: [], files: [] };
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

/** @param {string} entry @param {import('typescript').CompilerOptions} options */
function reach(entry, options) {
  const roots = [entry];
  /** @type {import('typescript').Program | undefined} */
  let program;
  for (;;) {
    program = ts.createProgram(roots, options, undefined, program);
    const found = program;
    const sources = found
      .getSourceFiles()
      .filter(
        ({ fileName, isDeclarationFile }) => !isDeclarationFile && !fileName.includes('/node_modules/'),
      );
    const missing = sources
      .flatMap((source) => loadedByPath(source, options))
      .filter((file) => !found.getSourceFile(file));
    if (missing.length === 0) return { program: found, sources };
    roots.push(...missing);
  }
}

/**
 * What a file has Temporal load by its path, which the compiler does not follow.
 *
 * @param {import('typescript').SourceFile} source
 * @param {import('typescript').CompilerOptions} options
 */
function loadedByPath({ fileName, text }, options) {
  return [...text.matchAll(/require\.resolve\('(\.[^']+)'\)/g)].flatMap(([, name = '']) => {
    const { resolvedModule } = ts.resolveModuleName(name, fileName, options, ts.sys);
    return resolvedModule ? [resolvedModule.resolvedFileName] : [];
  });
}

/** @param {string} name @param {number} count */
const firstParts = (name, count) => name.split('/').slice(0, count).join('/');

/** @param {string[]} values */
const unique = (values) => [...new Set(values)].sort();

module.exports = { compile };
