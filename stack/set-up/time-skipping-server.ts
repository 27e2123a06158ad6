import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '../../settings/start-error';
import { CommandError, run } from './command';
import { findNamed, findOnPath, findOrMake, inCache, keep, type Report } from './programs';
import { sdkDownload } from './sdk-download';

const version = '1.38.0';
const downloaded = 'temporal-test-server';
const fetched = `temporal-test-server-${version}`;
const startScript = 'temporal-test-server';

const byHand = 'or name a start script of the server in TEMPORAL_TEST_SERVER_PATH';

/**
 * What starts Temporal's test server, on which months pass in moments: the one that is there, else the one that the SDK
 * downloads, else its Java archives from Maven behind a start script.
 *
 * @throws {StartError} if it cannot be had
 */
export const getTimeSkippingServer = () =>
  findOrMake("Temporal's time-skipping test server", find, async (report) => {
    report('downloading');
    return keep(downloaded, (draft) => sdkDownload('createTimeSkipping', draft)).catch(() =>
      fetchJars(report),
    );
  });

const find = () =>
  findNamed('TEMPORAL_TEST_SERVER_PATH') ??
  [inCache(downloaded), inCache(path.join(fetched, startScript))].find(existsSync);

async function fetchJars(report: Report): Promise<string> {
  await needJava();
  const maven = findOnPath('mvn');
  if (!maven) {
    throw new StartError(
      "Temporal's test server cannot be downloaded, and there is no Maven to fetch it with",
      `install Maven (https://maven.apache.org) and try again, ${byHand}`,
    );
  }
  report('fetching it with Maven, once');
  const args = ['--batch-mode', copyDependencies, '-DoutputDirectory=lib', '-DincludeScope=runtime'];
  const folder = await keep(fetched, async (draft) => {
    await writeFile(path.join(draft, 'pom.xml'), pom);
    await writeFile(path.join(draft, startScript), script, { mode: 0o755 });
    await run(maven, args, { cwd: draft });
    return draft;
  }).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    throw new StartError(
      "Temporal's test server cannot be downloaded, nor fetched with Maven",
      `look whether the network and Maven's settings let it reach a repository, ${byHand}`,
      { cause: error },
    );
  });
  return path.join(folder, startScript);
}

async function needJava(): Promise<void> {
  const java = process.env['JAVA_HOME'] ? path.join(process.env['JAVA_HOME'], 'bin/java') : 'java';
  await run(java, ['-version']).catch(() => {
    throw new StartError(
      "Temporal's test server cannot be downloaded, and there is no Java to run it with",
      `install a JDK (https://adoptium.net) and try again, ${byHand}`,
    );
  });
}

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

const dependency = (group: string, artifact: string, release: string) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${release}</version></dependency>`;

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>preverified</groupId>
  <artifactId>temporal-test-server</artifactId>
  <version>1</version>
  <dependencies>
    ${dependency('io.temporal', 'temporal-test-server', version)}
    ${dependency('org.slf4j', 'slf4j-nop', '1.7.36')}
  </dependencies>
</project>
`;

// Short-lived and one of several: a quick start and one thread for the garbage count more than speed later on.
const script = `#!/bin/sh
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;
