import fc from 'fast-check';
import {
  customerMessages,
  readCustomerMessage,
  type CustomerMessageName,
} from '../../contract/customer-messages';
import { CustomerStart, readCustomerStart } from '../../contract/customer-start';
import { messages, readMessage, type MessageName } from '../../contract/messages';
import { NumberStart, readStart } from '../../contract/number-start';
import { Policy } from '../../contract/policy';

/** A workflow reads them: a reader that threw would stop a life, with each repeat of its task. */

const odd = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '-',
    '0',
    '1e999',
    '-1d',
    'x'.repeat(200),
    '1'.repeat(200),
    '９９ days',
    '+',
    '\u0000',
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);
const fields = (entries: object, values: fc.Arbitrary<unknown> = odd) =>
  fc.oneof({ weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...Object.keys(entries)), values) }, odd);

const refusesOrReads = (
  payload: fc.Arbitrary<unknown>,
  read: (payload: unknown) => { ok: boolean; fault?: string },
) => {
  fc.assert(
    fc.property(payload, (given) => {
      const { ok, fault } = read(given);
      if (!ok) expect(fault).toMatch(/\S/);
    }),
    { numRuns: 1000 },
  );
};

describe('is read or refused with a reason, whatever it holds:', () => {
  test.each(Object.keys(messages) as MessageName[])('%s', (name) => {
    refusesOrReads(fields(messages[name].entries), (payload) => readMessage(name, payload));
  });

  test.each(Object.keys(customerMessages) as CustomerMessageName[])('%s of a customer', (name) => {
    refusesOrReads(fields(customerMessages[name].entries), (payload) => readCustomerMessage(name, payload));
  });

  test('the start of a number', () => {
    refusesOrReads(fields(NumberStart.entries, fc.oneof(odd, fields(Policy.entries))), readStart);
  });

  test('the start of a customer', () => {
    refusesOrReads(fields(CustomerStart.entries), readCustomerStart);
  });
});
