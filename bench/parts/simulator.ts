import { startSimulator } from '../../simulator';
import { servePart } from './part';

/** Meta and the phone network, as a part. */
servePart(async () => {
  const simulator = await startSimulator({ seed: 1 });
  return { ready: { url: simulator.url }, stop: () => simulator.close() };
});
