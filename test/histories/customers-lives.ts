import { businessId } from '../customers/partner';
import { DAY } from '../support/test-stack';
import type { CustomersStack, TestCustomer } from '../support/customers-stack';

const HOUR = DAY / 24;

/** A way through a customer's life. Together they make every call of the chart and take every message. */
export type CustomerLife = (customers: CustomersStack) => Promise<TestCustomer>;

/** On the time-skipping server. */
export const customerLives: Record<string, CustomerLife> = {
  /** Their token comes, a number is registered, and its changed name is approved. */
  connected: async (customers) => {
    const { sim } = customers.stack;
    const customer = await customers.signUp('77001');
    await customers.keepToken(customer);
    await customer.signal('connect', { customerId: 'lucky-shrub', businessId, by: 'signup' });
    await customer.reaches('Connected');
    const { digits } = await customers.registered(customer, '15550780021');
    await customer.signal('refresh', { phoneNumber: digits, by: 'a registration' });
    await customer.until(({ numbersAtMeta }) => numbersAtMeta[0]?.status === 'CONNECTED');
    await sim.reviewName(digits, 'PENDING_REVIEW');
    await customer.send('refresh', { phoneNumber: digits });
    await sim.reviewName(digits, 'APPROVED');
    await sim.reviewName(digits, 'APPROVED', 'Lucky Shrub Gardens');
    await customer.send('refresh', { phoneNumber: digits });
    await customer.until(({ problem }) => problem === null);
    await customer.send('offboard', { reason: 'contract ended', by: 'carol' });
    return customer;
  },

  /** No token comes; Meta's answers are lost, put off and refused. */
  'step-failed': async (customers) => {
    const { stack } = customers;
    const credit = 'whatsapp_credit_sharing_and_attach';
    await stack.sim.fault([
      { call: 'subscribed_apps', times: 1, answerLost: true },
      { call: credit, times: 1, error: { code: 4 } },
    ]);
    const customer = await customers.signUp('77002');
    await stack.pass(HOUR / 6);
    await customer.reaches('Connecting.waiting');
    await stack.sim.fault({ call: credit, times: 1, error: { code: 10 } });
    await stack.pass(1.5 * HOUR);
    await customer.until(({ problem }) => problem?.code === '10');
    await customer.send('connect', { currency: 'EUR', by: 'bob' });
    await customer.reaches('Connected');
    await customer.send('offboard', { by: 'carol' });
    return customer;
  },

  /** They leave at Meta, and the credit line cannot be revoked at once. */
  leaving: async (customers) => {
    const { sim } = customers.stack;
    const customer = await customers.signUp('77003');
    await customer.send('connect', { businessId });
    await customer.reaches('Connected');
    await sim.leave(customer.wabaId);
    await sim.fault({ call: 'revoke_credit_sharing', times: 1, error: { code: 4 } });
    await customer.signal('reportDeparture', { event: 'PARTNER_REMOVED', businessId, by: 'Meta' });
    await customer.reaches('Connected.leaving.waiting');
    await customer.send('connect', {});
    await customers.stack.pass(2 * HOUR);
    await customer.reaches('Left');
    return customer;
  },

  /** A webhook lies that they have left, and another names another business. */
  lie: async (customers) => {
    const customer = await customers.signUp('77004');
    await customer.send('connect', { businessId });
    await customer.reaches('Connected');
    await customer.signal('reportDeparture', { event: 'ACCOUNT_DELETED', businessId, by: 'Meta' });
    await customer.until(({ lastRefusal }) => lastRefusal?.type === 'NotLeft');
    await customers.stack.pass(HOUR);
    await customer.signal('reportDeparture', { event: 'PARTNER_REMOVED', businessId: '4711', by: 'Meta' });
    await customer.signal('nonsense' as 'refresh', {});
    await customer.send('offboard', { by: 'carol' });
    return customer;
  },

  /** Their token is about to expire, is refused, and another one comes. */
  'token-dead': async (customers) => {
    const { stack } = customers;
    const customer = await customers.signUp('77005');
    await customers.keepToken(customer, 60 * DAY);
    await customer.send('connect', { businessId });
    await customer.reaches('Connected');
    await stack.pass(54 * DAY);
    await customer.until(({ problem }) => problem?.code === 'TokenExpires');
    await stack.sim.revokeToken({ wabaId: customer.wabaId });
    await customer.send('refresh', {});
    await customer.until(({ problem }) => problem?.message.startsWith('Meta refuses') === true);
    await customer.signal('reportToken', { code: '190', message: 'The session was invalidated.' });
    await customers.keepToken(customer);
    await customer.signal('connect', { by: 'signup' });
    await customer.until(({ problem }) => problem === null);
    await customer.send('offboard', { by: 'carol' });
    return customer;
  },

  /** They are offboarded before anything was given to them. */
  'never-connected': async (customers) => {
    const customer = await customers.signUp('77006');
    await customer.send('offboard', { reason: 'a test signup', by: 'carol' });
    return customer;
  },
};
