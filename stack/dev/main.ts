import { asMain } from '../as-main';
import { startStack } from '../stack';

/** What `doctor`, `records verify` and `signup-config` must know. */
const operatorNames = [
  'GRAPH_API_URL',
  'GRAPH_ACCESS_TOKEN',
  'META_APP_ID',
  'META_CONFIG_ID',
  'RECORDS_SIGNING_KEY',
];

/** What whoever sends something to the gateway must know. */
const gatewayNames = [
  'GATEWAY_URL',
  'GATEWAY_API_KEYS',
  'TWILIO_AUTH_TOKEN',
  'BANDWIDTH_WEBHOOK_LOGIN',
  'OTP_WEBHOOK_SECRET',
  'META_APP_SECRET',
  'META_VERIFY_TOKEN',
];

/** `npm run dev`: the stack of the demo, with days of real length unless POLICY_DAY says otherwise, until Ctrl-C. */
async function dev(): Promise<void> {
  const stack = await startStack();
  const named = [
    'TEMPORAL_ADDRESS',
    'PORTFOLIO_ID',
    'PAYLOAD_KEYS',
    'SIMULATOR_PORT',
    'RECORDS_URL',
    ...operatorNames,
    ...gatewayNames,
  ];
  const exports = named.flatMap((name) => (stack.env[name] ? [`  export ${name}='${stack.env[name]}'`] : []));
  console.log(`Temporal's UI   ${stack.uiUrl}
Simulator       ${stack.simulatorUrl} (control under /_sim/)
Codec endpoint  ${stack.codecUrl}
Records         ${stack.env['RECORDS_URL'] ?? ''}
Gateway         ${stack.gatewayUrl} (docs/gateway.md)
Signup page     ${stack.gatewayUrl}/signup, with # and a token of ${stack.gatewayUrl}/signup/config

In another terminal:

${exports.join('\n')}
  npx preverified add examples/numbers.csv
  npx preverified list

preverified dev ready: end it with Ctrl-C`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  await stack.stop();
}

asMain(dev);
