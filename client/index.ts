/** What services import. */
export { NumberPool, type ConnectedPool, type PoolOptions, type SendSignals } from './number-pool';
export type { AddedNumber, AddOptions } from './pool/add';
export { NotTriedError, type AddManyOptions, type AddOutcome, type NumberToAdd } from './pool/add-many';
export type { NumberFilter } from './pool/filter';
export type { ListedNumber } from './pool/list';
export { RefusedError, type RefusalType } from './pool/refused-error';
export type { ReserveOne } from './pool/reserve-one';
export { TimedOutError } from './pool/timed-out-error';
export type { WaitOptions } from './pool/wait';
export type { CustomerSignupOptions, Signup, SignupOptions } from './signup/signup';
export type { CustomerFilter, ListedCustomer } from './customers/customer';
export type { CustomerMessageName, CustomerMessagePayload } from '../contract/customer-messages';
export type { CustomerRecord, CustomerState } from '../contract/customer-record';
export type { BusinessId, PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../contract/ids';
export type { Holding } from '../contract/holding';
export { StartError } from '../settings/start-error';
export type { MessageName, MessagePayload } from '../contract/messages';
export type {
  Instant,
  NumberRecord,
  NumberState,
  Problem,
  TakenCode,
  Transition,
} from '../contract/number-record';
