import type { Command } from 'commander';
import { load } from './load';
import { print } from './print';
import { untilStopped } from './run';

export function registerGateway(program: Command): void {
  program
    .command('gateway')
    .description('take in codes, webhooks and signups over HTTP, on GATEWAY_PORT')
    .action(async () => {
      const gateway = await load.gateway().openGateway();
      const stopped = untilStopped();
      print(gateway.ready);
      await stopped;
      await gateway.close();
    });
}
