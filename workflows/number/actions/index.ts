import { addingActions } from './adding';
import { callActions } from './calls';
import { claimActions } from './claims';
import { codeActions } from './codes';
import { customerActions } from './customers';
import { registrationActions } from './registration';
import { verificationActions } from './verification';

/** What the chart remembers of an event. Each is a pure assignment: the old context and the event in, the changes out. */
export const assignments = {
  ...addingActions,
  ...codeActions,
  ...verificationActions,
  ...claimActions,
  ...registrationActions,
  ...customerActions,
  ...callActions,
};
