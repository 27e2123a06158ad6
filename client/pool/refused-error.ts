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
 * A number did not do as asked, for a reason that a service can decide by. With `MetaRefused`, `WrongCode`, `CodeExpired`,
 * `ClaimNotFound` and `BudgetSpent` Meta may have been asked first. With `StillUnderWay` the message was accepted and is
 * being done, and with `Unreadable` it may have been done: read the number. With any other type nothing was changed.
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
