import type { MessageRejection } from '../../contract/message-rejection';

/** What refusals are called: those of a number's workflow, and those that are known before it is asked. */
export type RefusalType =
  | MessageRejection['type']
  | 'UnknownNumber'
  | 'UnknownCustomer'
  | 'WrongPortfolio'
  | 'PinRead'
  | 'NoneFree'
  | 'Unreadable';

/**
 * A number did not do as asked, for a reason that a service can decide by. Nothing was changed, unless `type` is
 * `MetaRefused`, `WrongCode`, `CodeExpired`, `ClaimNotFound` or `BudgetSpent`: then Meta was asked and said no.
 */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly type: RefusalType,
    message: string,
    /** Digits, a customer's WABA ID, or what was given in the place of one, shortened. */
    readonly number: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
