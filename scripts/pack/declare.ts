import path from 'node:path';
import ts from 'typescript';

/**
 * Writes what others compile against. The application's build makes no declarations: nobody compiles against it.
 *
 * @param files sources in the checkout
 * @throws with what the compiler says, where it cannot name a type
 */
export function declare(files: readonly string[], outDir: string): void {
  const compilerOptions = {
    ...{ declaration: true, emitDeclarationOnly: true, sourceMap: false, outDir },
    // The build has checked them.
    ...{ noCheck: true, incremental: false, tsBuildInfoFile: null },
  };
  const config = { extends: './tsconfig.build.json', compilerOptions, include: [], files };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, path.resolve());
  const { diagnostics } = ts.createProgram(fileNames, options).emit();
  if (diagnostics.length === 0) return;
  const host = ts.createCompilerHost(options);
  throw new Error(`The types cannot be declared:\n${ts.formatDiagnostics(diagnostics, host)}`);
}
