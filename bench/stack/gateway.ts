import { openGateway } from '../../gateway/main';
import { serveMeasured } from './measured-process';

/** The gateway as `preverified gateway` runs it. */
serveMeasured(async () => {
  const gateway = await openGateway();
  return { ready: { url: gateway.url }, stop: () => gateway.close() };
});
