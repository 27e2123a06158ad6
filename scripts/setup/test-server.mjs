import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cache, onPath } from './places.mjs';
import { downloaded } from './sdk-download.mjs';
import { run, SetupError, step, tail } from './step.mjs';

const VERSION = '1.32.1';
const home = path.join(cache, `test-server-${VERSION}`);
const launcher = path.join(home, 'temporal-test-server');

/**
 * Temporal's time-skipping test server: TEMPORAL_TEST_SERVER_PATH, else what the SDK downloads, else the same server's
 * Java classes from Maven behind a start script; kept in the user's cache.
 */
export async function testServer() {
  const given = process.env.TEMPORAL_TEST_SERVER_PATH;
  if (given) {
    if (existsSync(given)) return given;
    throw new SetupError(
      `TEMPORAL_TEST_SERVER_PATH names ${given}, which does not exist: correct it or unset it.`,
    );
  }
  if (existsSync(launcher)) return launcher;
  const fromSdk = await downloaded('test-server');
  return fromSdk ?? step('Get the time-skipping test server from Maven', fetchClasses);
}

async function fetchClasses() {
  for (const [command, remedy] of [
    ['java', 'a JDK 17 or newer from https://adoptium.net'],
    ['mvn', 'Maven from https://maven.apache.org'],
  ]) {
    if (!onPath(command)) {
      throw new SetupError(
        `The time-skipping test server is missing: it could not be downloaded, and there is no ${command} to get it ` +
          `another way. Install ${remedy}, or set TEMPORAL_TEST_SERVER_PATH, and run this again.`,
      );
    }
  }
  mkdirSync(home, { recursive: true });
  const project = path.join(home, 'pom.xml');
  writeFileSync(project, pom);
  const { code, output } = await run('mvn', [
    '-B',
    '-q',
    '-f',
    project,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${path.join(home, 'lib')}`,
  ]);
  if (code !== 0) {
    throw new SetupError(
      `The time-skipping test server could not be fetched: Maven's repository may be out of reach. Connect to the ` +
        `network, or set TEMPORAL_TEST_SERVER_PATH, and run this again.\n${tail(output)}`,
    );
  }
  // Appears whole, or a start that was broken off would leave half a script.
  writeFileSync(
    `${launcher}.new`,
    `#!/bin/sh\nexec java -cp "${home}/lib/*" io.temporal.testserver.TestServer "$@"\n`,
  );
  chmodSync(`${launcher}.new`, 0o755);
  renameSync(`${launcher}.new`, launcher);
  return launcher;
}

const dependency = (group, artifact, version) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>preverified</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    ${dependency('io.temporal', 'temporal-test-server', VERSION)}
    ${dependency('org.slf4j', 'slf4j-nop', '1.7.36')}
  </dependencies>
</project>
`;
