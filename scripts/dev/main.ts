import { StartError } from '../../client/connection/start-error';
import { startStack } from '../stack/stack';

/** `npm run dev`: the stack of the demo, with days of real length unless POLICY_DAY says otherwise, until Ctrl-C. */
async function dev(): Promise<void> {
  const stack = await startStack();
  const { TEMPORAL_ADDRESS, PORTFOLIO_ID, PAYLOAD_KEYS, SIMULATOR_PORT } = stack.env;
  console.log(`Temporal's UI   ${stack.uiUrl}
Simulator       ${stack.simulatorUrl} (control under /_sim/)
Codec endpoint  ${stack.codecUrl}

In another terminal:

  export TEMPORAL_ADDRESS=${String(TEMPORAL_ADDRESS)} PORTFOLIO_ID=${String(PORTFOLIO_ID)} PAYLOAD_KEYS=${String(PAYLOAD_KEYS)}${SIMULATOR_PORT ? ` SIMULATOR_PORT=${SIMULATOR_PORT}` : ''}
  npx preverified add examples/numbers.csv
  npx preverified list

preverified dev ready: end it with Ctrl-C`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  await stack.stop();
}

dev().catch((error: unknown) => {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 1;
});
