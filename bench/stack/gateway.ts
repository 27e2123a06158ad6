import { openGateway } from '../../gateway/main';
import { servePart } from './process';

/** The gateway as `preverified gateway` runs it, as a part. */
servePart(async () => {
  const gateway = await openGateway();
  return { ready: { url: gateway.url }, stop: () => gateway.close() };
});
