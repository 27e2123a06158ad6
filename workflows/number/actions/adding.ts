import { answer, timeOf, type ActionArgs } from '../events';
import { assertDefined } from '../assert-defined';
import { scaled } from '../../../contract/policy';
import type { ContextPatch } from './context-patch';
import { verifiedAsStated } from './verification';

export const addingActions = {
  recordAdded: ({ context, event }: ActionArgs): ContextPatch => {
    const added = assertDefined(answer(event, 'addNumber'));
    const policy = scaled(context.policy, added.policyDay);
    return {
      preverifiedId: added.preverifiedId,
      addedAt: timeOf(event),
      policy,
      sharedWith: added.sharedWith,
      codeMethod: context.codeMethod ?? added.codeMethod ?? null,
      asked: { code: false, removal: false },
      ...verifiedAsStated({ ...context, addedAt: timeOf(event), policy }, timeOf(event), added.verification),
    };
  },
  askForCode: ({ context }: ActionArgs): ContextPatch => ({ asked: { ...context.asked, code: true } }),
  askForRemoval: ({ context }: ActionArgs): ContextPatch => ({ asked: { ...context.asked, removal: true } }),
  leavePool: (): ContextPatch => ({
    deadline: null,
    resumeAt: null,
    reservation: null,
    sharedWith: [],
    sharing: [],
    reportedClaims: [],
  }),
};
