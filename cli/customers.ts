import { Argument, Option, type Command } from 'commander';
import type { CustomerRecord, CustomerState } from '../client/index';
import { count } from './count';
import { registerCustomerTokens } from './customer-tokens';
import { Failed } from './failed';
import { note, orDash, print, printJson, printTable, time } from './print';
import { problemText } from './sentences';
import { byOption, inClearOption, jsonOption, withPool } from './with-pool';

interface Common {
  by: string;
  inClear?: boolean;
  json?: boolean;
}

const waba = () => new Argument('<wabaId>', "the customer's WhatsApp Business Account");

/** `customers list`, `show`, `connect`, `refresh`, `offboard`, `token`, `reseal`. */
export function registerCustomers(program: Command): void {
  const customers = program
    .command('customers')
    .description('who signed up: connected, so that they can message, until they leave');
  customers
    .command('list')
    .description('the customers, newest first')
    .addOption(new Option('--state <state>').choices(['Signing', 'Connecting', 'Connected', 'Left']))
    .option('--customer <id>', 'only this customer, by your own ID')
    .option('--problem', 'only those with a problem')
    .addOption(jsonOption())
    .action(list);
  customers
    .command('show')
    .description('one customer as they stand, and how they came there')
    .addArgument(waba())
    .addOption(jsonOption())
    .action(async (wabaId: string, { json }: { json?: boolean }) => {
      report(await withPool('preverified customers', (pool) => pool.getCustomer(wabaId)), json);
    });
  customers
    .command('connect')
    .description('connect a customer now, or try again what failed')
    .addArgument(waba())
    .option('--customer-id <id>', 'the customer, by your own ID')
    .option('--business-id <id>', "the customer's business portfolio")
    .option('--currency <code>', 'of their WABA, such as EUR; it cannot change afterwards')
    .option('--no-credit-line', 'the customer pays Meta themselves')
    .option('--portfolio <id>', 'the business portfolio; PORTFOLIO_ID by default')
    .addOption(new Option('--wait <seconds>', 'for the end of it').default(60).argParser(count))
    .addOption(byOption())
    .addOption(inClearOption())
    .addOption(jsonOption())
    .action(connect);
  customers
    .command('refresh')
    .description('read the customer and their numbers at Meta now')
    .addArgument(waba())
    .addOption(byOption())
    .addOption(inClearOption())
    .addOption(jsonOption())
    .action(async (wabaId: string, { json, ...options }: Common) => {
      report(await withPool(options.by, (pool) => pool.refreshCustomer(wabaId), options), json);
    });
  customers
    .command('offboard')
    .description('end our work for a customer: revoke the credit line, destroy their token')
    .addArgument(waba())
    .option('--reason <text>')
    .addOption(byOption())
    .addOption(inClearOption())
    .addOption(jsonOption())
    .action(async (wabaId: string, { reason, json, ...options }: Common & { reason?: string }) => {
      const record = await withPool(
        options.by,
        (pool) => pool.offboardCustomer(wabaId, reason === undefined ? {} : { reason }),
        options,
      );
      report(record, json);
    });
  registerCustomerTokens(customers);
}

interface ListOptions {
  state?: CustomerState;
  customer?: string;
  problem?: true;
  json?: boolean;
}

async function list({ json, customer, ...filter }: ListOptions): Promise<void> {
  const found = await withPool('preverified customers', async (pool) => {
    const listed = [];
    const asked = { ...filter, ...(customer !== undefined && { customerId: customer }) };
    for await (const each of pool.listCustomers(asked)) listed.push(each);
    return listed;
  });
  if (json) {
    printJson(found);
    return;
  }
  if (found.length === 0) {
    print('no such customer');
    return;
  }
  printTable(
    ['WABA', 'State', 'Customer', 'Since', 'Problem'],
    found.map(({ wabaId, state, customerId, startedAt, problem }) => [
      wabaId,
      state,
      orDash(customerId),
      time(startedAt),
      orDash(problem),
    ]),
  );
}

interface ConnectOptions extends Common {
  customerId?: string;
  businessId?: string;
  currency?: string;
  creditLine: boolean;
  portfolio?: string;
  wait: number;
}

async function connect(wabaId: string, options: ConnectOptions): Promise<void> {
  const { customerId, businessId, currency, creditLine, wait, json } = options;
  const { readSettings } = await import('../settings');
  const portfolioId = options.portfolio ?? readSettings(['pool']).pool.portfolioId;
  const [record, refusal] = await withPool(
    options.by,
    async (pool) => {
      const before = await pool.getCustomer(wabaId).catch(() => null);
      await pool.connectCustomer(
        wabaId,
        {
          ...(customerId !== undefined && { customerId }),
          ...(businessId !== undefined && { businessId }),
          ...(currency !== undefined && { currency }),
          ...(!creditLine && { creditLine }),
        },
        { portfolioId },
      );
      note(`WABA ${wabaId} is being connected.`);
      const ended = await pool.waitUntilCustomer(
        wabaId,
        (now) => newRefusal(now, before) !== null || hasEnded(now, before),
        { timeout: wait * 1000 },
      );
      return [ended, newRefusal(ended, before)] as const;
    },
    options,
  );
  report(record, json);
  if (refusal) throw new Failed(refusal.message);
  if (record.state !== 'Connected') throw new Failed(`WABA ${wabaId} is not connected.`);
}

/** What was refused since, `null` if nothing was. */
const newRefusal = ({ lastRefusal }: CustomerRecord, before: CustomerRecord | null) =>
  lastRefusal?.at === before?.lastRefusal?.at ? null : lastRefusal;

/** Connected, or a step has failed since: the clock here may be ahead of the worker's. */
const hasEnded = ({ state, phase, steps }: CustomerRecord, before: CustomerRecord | null) =>
  state === 'Connected' ||
  (phase === 'waiting' &&
    steps.some(
      ({ name, status, at }) =>
        status === 'failed' && at !== before?.steps.find((step) => step.name === name)?.at,
    ));

function report(record: CustomerRecord, json: boolean | undefined): void {
  if (json) {
    printJson(record);
    return;
  }
  printTable(['', `WABA ${record.wabaId}`], facts(record));
  if (record.transitions.length === 0) return;
  print('');
  printTable(
    ['When', 'From', 'To', 'By what', 'By whom'],
    record.transitions.map(({ at, from, to, event, by }) => [time(at), from, to, event, orDash(by)]),
  );
}

const titles = {
  exchange: 'Own token',
  subscribe: 'Webhooks subscribed',
  assignSystemUser: 'System user assigned',
  creditLine: 'Credit line shared',
};

function facts(record: CustomerRecord): string[][] {
  const { state, phase, problem, lastRefusal, numbersAtMeta, tokenHeld, tokenExpiresAt } = record;
  return [
    ['State', phase === '' ? state : `${state} (${phase})`],
    ['Customer', orDash(record.customerId)],
    ['Business', orDash(record.businessId)],
    ['Portfolio', record.portfolioId],
    ...record.steps.map(({ name, status, at, problem: why }) => [
      titles[name],
      `${state === 'Left' && status === 'pending' ? 'not done, or taken back' : status}${at === null ? '' : `, ${time(at)}`}${why === null ? '' : `: ${why}`}`,
    ]),
    [
      'Token',
      !tokenHeld ? 'none held' : tokenExpiresAt === null ? 'held' : `held, expires ${time(tokenExpiresAt)}`,
    ],
    [
      'Numbers',
      numbersAtMeta
        .map(
          ({ phoneNumber, status, nameStatus }) =>
            `+${phoneNumber} (${orDash(status)}, name ${orDash(nameStatus)})`,
        )
        .join('\n') || '–',
    ],
    ['Connected', time(record.connectedAt)],
    ['Left', time(record.leftAt)],
    ['Problem', problem ? `${problemText(problem)} (since ${time(problem.since)})` : '–'],
    [
      'Last refusal',
      lastRefusal
        ? `${time(lastRefusal.at)}, ${lastRefusal.name} of ${lastRefusal.by ?? 'nobody by name'}: ${lastRefusal.message}`
        : '–',
    ],
  ];
}
