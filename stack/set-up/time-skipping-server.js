'use strict';

const { existsSync } = require('node:fs');
const { writeFile } = require('node:fs/promises');
const path = require('node:path');
const { CommandError, run } = require('./command');
const { findOnPath, inCache, keep } = require('./places');
const { Problem } = require('./problem');
const { sdkDownload } = require('./sdk-download');

const version = '1.38.0';
const downloaded = 'temporal-test-server';
const fetched = `temporal-test-server-${version}`;
const startScript = 'temporal-test-server';

const byHand = 'or name a start script of the server in TEMPORAL_TEST_SERVER_PATH';

/** Temporal's test server, on which months pass in moments, if it is on this machine. */
function findTimeSkippingServer() {
  const named = process.env['TEMPORAL_TEST_SERVER_PATH'];
  if (named && !existsSync(named)) {
    throw new Problem(
      `TEMPORAL_TEST_SERVER_PATH names ${named}, which does not exist`,
      'mend it or unset it',
    );
  }
  return named || [inCache(downloaded), inCache(path.join(fetched, startScript))].find(existsSync);
}

/**
 * Temporal's test server: the one that is there, else the one that the SDK downloads, else its Java archives from Maven
 * behind a start script.
 *
 * @param {import('./progress').Report} report
 * @returns {Promise<string>} the path of what starts it
 * @throws {Problem} if it cannot be had
 */
async function timeSkippingServer(report) {
  const found = findTimeSkippingServer();
  if (found) return found;
  report('downloading');
  return keep(downloaded, (draft) => sdkDownload('createTimeSkipping', draft)).catch(() => fetchJars(report));
}

/** @param {import('./progress').Report} report */
async function fetchJars(report) {
  await needJava();
  const maven = findOnPath('mvn');
  if (!maven) {
    throw new Problem(
      "Temporal's test server cannot be downloaded, and there is no Maven to fetch it with",
      `install Maven (https://maven.apache.org) and try again, ${byHand}`,
    );
  }
  report('fetching it with Maven');
  let files = 0;
  const folder = await keep(fetched, async (draft) => {
    await writeFile(path.join(draft, 'pom.xml'), pom);
    await writeFile(path.join(draft, startScript), script, { mode: 0o755 });
    await run(maven, ['--batch-mode', copyDependencies, '-DoutputDirectory=lib', '-DincludeScope=runtime'], {
      cwd: draft,
      onLine: (line) => {
        if (line.includes('Downloaded from')) report(`fetching it with Maven, once: ${++files} files`);
      },
    });
    return draft;
  }).catch((/** @type {unknown} */ error) => {
    if (!(error instanceof CommandError)) throw error;
    throw new Problem(
      "Temporal's test server cannot be downloaded, nor fetched with Maven",
      `look whether the network and Maven's settings let it reach a repository, ${byHand}`,
      { cause: error },
    );
  });
  return path.join(folder, startScript);
}

async function needJava() {
  const java = process.env['JAVA_HOME'] ? path.join(process.env['JAVA_HOME'], 'bin/java') : 'java';
  await run(java, ['-version']).catch(() => {
    throw new Problem(
      "Temporal's test server cannot be downloaded, and there is no Java to run it with",
      `install a JDK (https://adoptium.net) and try again, ${byHand}`,
    );
  });
}

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** @param {string} group @param {string} artifact @param {string} release */
const dependency = (group, artifact, release) =>
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

module.exports = { findTimeSkippingServer, timeSkippingServer };
