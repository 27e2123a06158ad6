import { message, timeOf, type Moment } from '../events';
import { claimConfirmed } from '../guards';
import { known } from '../known';
import type { Change } from './change';

/** Whom the number is kept for, and which partners may offer it. */
export const customerActions = {
  recordReservation: ({ event }: Moment): Change => {
    const { customerId, ttl } = known(message(event, 'reserve'));
    return { reservation: { customerId, until: timeOf(event) + ttl } };
  },
  endReservation: (): Change => ({ reservation: null }),

  queueSharing: ({ context, event }: Moment): Change => {
    const { type: action, partnerBusinessId } = known(message(event, 'share') ?? message(event, 'unshare'));
    return { sharing: [...context.sharing, { action, partnerBusinessId }] };
  },
  recordSharing: ({ context }: Moment): Change => {
    const [first, ...sharing] = context.sharing;
    const { action, partnerBusinessId } = known(first);
    const others = context.sharedWith.filter((partner) => partner !== partnerBusinessId);
    // What was shared a moment before a customer took it, nobody has any more.
    const shared = action === 'share' && !claimConfirmed(context);
    return {
      sharing,
      sharingUnderWay: false,
      sharedWith: shared ? [...others, partnerBusinessId] : others,
    };
  },
  dropSharing: ({ context }: Moment): Change => ({
    sharing: context.sharing.slice(1),
    sharingUnderWay: false,
  }),
};
