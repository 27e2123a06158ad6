import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StartError } from '../../settings/start-error';
import { freePort } from '../ports';
import { CommandError, run } from './command';
import { findNamed, findOnPath, findOrMake, inCache, keep, type Report } from './programs';
import { sdkDownload } from './sdk-download';

const version = '1.38.0';
const downloaded = 'temporal-test-server';
const fetched = `temporal-test-server-java-${version}`;
const startScript = 'temporal-test-server';
const archive = 'classes.jsa';

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
  const start = path.join(folder, startScript);
  // Without it the server only starts more slowly, and an older Java cannot make it.
  await archiveClasses(start, path.join(folder, archive)).catch(() => undefined);
  return start;
}

/**
 * Keeps the server's classes as the JVM has them once they are loaded: a start takes half of the CPU then (0.4 instead of 1.0
 * seconds), and the SDK waits for five seconds only. The JVM writes them when a server ends that has served.
 */
async function archiveClasses(start: string, place: string): Promise<void> {
  const port = await freePort();
  const draft = `${place}.${String(process.pid)}`;
  const env = { ...process.env, ARCHIVE_CLASSES: draft };
  const server = spawn(start, [String(port)], { env, stdio: 'ignore' });
  const ended = once(server, 'close');
  const late = AbortSignal.timeout(60_000);
  while (!(await isServed(port)) && server.exitCode === null && !late.aborted) await setTimeout(50);
  server.kill('SIGTERM');
  await ended;
  await rename(draft, place);
}

async function isServed(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
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
here="$(dirname "$0")"
if [ -n "$ARCHIVE_CLASSES" ]; then
  classes="-XX:ArchiveClassesAtExit=$ARCHIVE_CLASSES"
elif [ -f "$here/${archive}" ]; then
  classes="-XX:SharedArchiveFile=$here/${archive}"
fi
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \${classes:+"$classes"} -cp "$here/lib/*" io.temporal.testserver.TestServer "$@"
`;
