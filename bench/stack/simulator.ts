import ms, { type StringValue } from 'ms';
import { startSimulator } from '../../simulator';
import { serveMeasured } from './measured-process';

/** Meta and the phone network; the length of its days is that of a worker's policy. */
serveMeasured(async () => {
  const simulator = await startSimulator({
    seed: 1,
    day: ms((process.env['POLICY_DAY'] ?? '24h') as StringValue),
  });
  return { ready: { url: simulator.url }, stop: () => simulator.close() };
});
