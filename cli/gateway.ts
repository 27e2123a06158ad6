import type { Command } from 'commander';
import { print } from './print';
import { untilStopped } from './run';

export function registerGateway(program: Command): void {
  program
    .command('gateway')
    .description('accept codes, webhooks and signups over HTTP, on GATEWAY_PORT')
    .action(async () => {
      const { openGateway } = await import('../gateway/main');
      const gateway = await openGateway();
      const stopped = untilStopped();
      print(gateway.ready);
      await stopped;
      await gateway.close();
    });
}
