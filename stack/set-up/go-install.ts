import { StartError } from '../../settings/start-error';
import { CommandError, run } from './command';
import { findOnPath, keep, type Report } from './programs';

export interface GoPrograms {
  /** What they are kept as. */
  name: string;
  /** Each with its version. */
  packages: readonly string[];
  /** What of the folder with the programs is kept. */
  made: (draft: string) => string | Promise<string>;
  /** The fault where there is no Go. */
  lacks: string;
  /** The fault where Go fails. */
  cannot: string;
  /** How else they are had. */
  byHand: string;
}

/** Builds programs with Go, once, into the user's cache. @returns where they are kept @throws {StartError} */
export async function goInstall(
  { name, packages, made, lacks, cannot, byHand }: GoPrograms,
  report: Report,
): Promise<string> {
  const go = findOnPath('go');
  if (!go) throw new StartError(lacks, `${byHand}, or install Go (https://go.dev/dl) and try again`);
  let lines = 0;
  report('building it with Go, which takes minutes, once');
  return keep(name, async (draft) => {
    await run(go, ['install', '-v', '-ldflags=-s -w', ...packages], {
      env: { ...process.env, GOBIN: draft },
      onLine() {
        if (++lines % 50 === 0) report(`building it with Go: ${lines} modules and packages`);
      },
    });
    return made(draft);
  }).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    const remedy = `look whether the network and GOPROXY let Go fetch modules, or ${byHand}`;
    throw new StartError(cannot, remedy, { cause: error });
  });
}
