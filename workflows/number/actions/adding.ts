import { answer, timeOf, type Moment } from '../events';
import { known } from '../known';
import { scaled } from '../../../contract/policy';
import type { Change } from './change';
import { stands } from './verification';

export const addingActions = {
  recordAdded: ({ context, event }: Moment): Change => {
    const added = known(answer(event, 'addNumber'));
    const policy = scaled(context.policy, added.policyDay);
    return {
      preverifiedId: added.preverifiedId,
      addedAt: timeOf(event),
      policy,
      sharedWith: added.sharedWith,
      asked: { ...context.asked, code: false, removal: false },
      ...stands({ ...context, addedAt: timeOf(event), policy }, timeOf(event), added.verification),
    };
  },
  askForCode: ({ context }: Moment): Change => ({ asked: { ...context.asked, code: true } }),
  askForRemoval: ({ context }: Moment): Change => ({ asked: { ...context.asked, removal: true } }),
  leavePool: (): Change => ({
    deadline: null,
    goOnAt: null,
    reservation: null,
    sharedWith: [],
    sharing: [],
  }),
};
