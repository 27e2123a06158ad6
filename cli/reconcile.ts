import { Option, type Command } from 'commander';
import ms from 'ms';
import type { Difference, Reconciliation } from '../contract/reconciliation';
import { note, print, printJson, printTable } from './print';
import { span } from './span';
import { jsonOption } from './with-pool';

interface Options {
  dryRun?: boolean;
  every?: number;
  portfolio?: string;
  json?: boolean;
}

export function registerReconcile(program: Command): void {
  program
    .command('reconcile')
    .description(
      "compare our numbers with Meta's pool, correct the differences, and find claims that nobody reported",
    )
    .option('--dry-run', 'report the differences and change nothing')
    .addOption(
      new Option(
        '--every <time>',
        'schedule it at this interval, such as 2h; a worker schedules it every hour at first',
      )
        .argParser(span)
        .conflicts('dryRun'),
    )
    .option('--portfolio <id>', 'the business portfolio; PORTFOLIO_ID by default')
    .addOption(jsonOption())
    .action(run);
}

async function run({ dryRun = false, every, portfolio, json = false }: Options): Promise<void> {
  const [{ needs, readSettings }, { environment }] = await Promise.all([
    import('../settings'),
    import('../settings/environment'),
  ]);
  const settings = readSettings([...needs.client, 'pool'], {
    ...environment(),
    ...(portfolio !== undefined && { PORTFOLIO_ID: portfolio }),
  });
  const { portfolioId } = settings.pool;
  const [{ connect }, { checkClientKeys }, { reconcile }, { setSchedule }] = await Promise.all([
    import('../temporal/connect'),
    import('../temporal/check-keys'),
    import('../client/reconcile/reconcile'),
    import('../client/reconcile/schedule'),
  ]);
  const { client, close } = await connect(settings);
  try {
    await checkClientKeys(client);
    if (every !== undefined) {
      await setSchedule(client, portfolioId, every);
      if (json) printJson({ portfolioId, every });
      else print(`portfolio ${portfolioId} is reconciled every ${ms(every, { long: true })} from now on`);
      return;
    }
    const report = await reconcile(client, { portfolioId, dryRun }, { onProgress: note });
    if (json) printJson(report);
    else show(report);
  } finally {
    await close();
  }
}

function show({ dryRun, counts, differences }: Reconciliation): void {
  if (differences.length > 0) printTable(['Number', 'What differs', 'Done'], differences.map(row(dryRun)));
  const more = counts.differences - differences.length;
  if (more > 0) print(`and ${String(more)} more`);
  print(
    `${String(counts.pool)} numbers in Meta's pool, ${String(counts.ours)} unclaimed ones here, ${String(counts.wabas)} WABAs searched: ${counts.differences === 0 ? 'no differences' : `${String(counts.differences)} differences`}${dryRun ? '; nothing was changed' : ''}`,
  );
}

const row =
  (dryRun: boolean) =>
  ({ phoneNumber, what, done }: Difference) => [
    phoneNumber === null ? '–' : `+${phoneNumber}`,
    what,
    dryRun ? '–' : doneText[done ?? 'nothing'],
  ];

const doneText = {
  claim: 'claim reported',
  refresh: 'status read again',
  added: 'added',
  nothing: 'nothing: check it yourself',
};
