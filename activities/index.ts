import { Context } from '@temporalio/activity';
import type { CodeTarget, NumberActivities } from '../contract/number-activities';
import { graphActivity } from './attempt';
import { claimNumber, confirmClaim } from './claims';
import { requestCode, verifyCode } from './codes';
import { digitsOf, type GraphClient } from './graph';
import { receivesCalls } from './line-type';
import { addNumber, removeNumber } from './pool';
import { refuseHeld, type Holders } from './held';
import { registerNumber, registrationPace, setPin } from './registration';
import { shareNumber, unshareNumber } from './sharing';
import { readNumber } from './verification';
import type { PortfolioId, WabaId } from '../contract/ids';
import type { GraphOf } from './whose-token';

const HOUR = 60 * 60 * 1000;

export interface NumberActivitiesOptions {
  graph: GraphClient;
  /** The client for calls on a customer's WABA and its numbers; `graph` by default. */
  graphOf?: GraphOf;
  /** Length of a policy day on this worker, in milliseconds. */
  policyDay: number;
  /** There are endpoints that receive webhooks about the numbers that it adds. */
  webhooks?: boolean;
  /** Who has a number, as records know; nobody by default. */
  holders?: Holders;
  /** Hears of customers: their own workflows go on from it. A worker for numbers alone has none. */
  customers?: CustomersOfNumbers;
}

/** How the numbers' activities report to customers' workflows: from inside the activity, so that a number's history grows by no event. */
export interface CustomersOfNumbers {
  /** Meta shows a number of ours on the WABA. */
  claimed(claim: { wabaId: WabaId; portfolioId: PortfolioId; phoneNumber: string }): Promise<void>;
  /** A number of theirs was registered. */
  registered(number: { wabaId: WabaId; phoneNumber: string }): Promise<void>;
}

const nobody: Holders = { holderOf: () => Promise.resolve(null), givenBack: () => Promise.resolve() };

/** The activities of a number's workflow, for a worker of the Graph task queue. */
export function createNumberActivities({
  graph: system,
  graphOf = () => Promise.resolve(system),
  policyDay,
  webhooks = false,
  holders = nobody,
  customers,
}: NumberActivitiesOptions) {
  const graph = { system, graphOf };
  return {
    addNumber: graphActivity(graph, {
      doing: ({ phoneNumber, portfolioId }) => `add ${phoneNumber} to the pool of portfolio ${portfolioId}`,
      run: async (attempt, input) => {
        await refuseHeld(attempt, input, holders, { webhooks });
        return {
          ...(await addNumber(attempt, input)),
          policyDay,
          webhooks,
          ...(receivesCalls(input.phoneNumber) && { codeMethod: 'VOICE' as const }),
        };
      },
      whenGone: {
        handling: 'account',
        retryAfter: HOUR,
        whatToDo: 'Check the portfolio ID (PORTFOLIO_ID), and that the token may see this portfolio.',
      },
      extra: { webhooks },
    }),
    requestCode: graphActivity(graph, {
      doing: ({ target, method }) => `request a code by ${method} for ${nameTarget(target)}`,
      run: requestCode,
      waba: ({ target }) => wabaOf(target),
      once: true,
    }),
    verifyCode: graphActivity(graph, {
      doing: ({ target }) => `verify ${nameTarget(target)}`,
      run: verifyCode,
      waba: ({ target }) => wabaOf(target),
    }),
    confirmClaim: graphActivity(graph, {
      doing: ({ phoneNumber, wabaId }) => `read the claim of ${phoneNumber} back from WABA ${wabaId}`,
      run: async (attempt, input) => {
        const look = await confirmClaim(attempt, input);
        if (look.found) await customers?.claimed(input);
        return look;
      },
      waba: ({ wabaId }) => wabaId,
      whenGone: {
        handling: 'account',
        retryAfter: HOUR,
        whatToDo:
          'Check the WABA ID of the claim, that its owner shares the WABA with our portfolio, and that the system user is an admin or was assigned to the WABA.',
      },
    }),
    claimNumber: graphActivity(graph, {
      doing: ({ phoneNumber, wabaId }) => `claim ${phoneNumber} for WABA ${wabaId}`,
      run: claimNumber,
    }),
    registerNumber: graphActivity(graph, {
      doing: ({ phoneNumberId }) => `register business phone number ${phoneNumberId}`,
      run: async (attempt, input) => {
        const registered = await registerNumber(attempt, input);
        const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
        if (customers && input.wabaId)
          await customers.registered({ wabaId: input.wabaId, phoneNumber: digitsOf(workflowId) });
        return registered;
      },
      waba: ({ wabaId }) => wabaId,
      pace: registrationPace,
    }),
    setPin: graphActivity(graph, {
      doing: ({ phoneNumberId }) => `set the PIN of business phone number ${phoneNumberId}`,
      run: setPin,
      waba: ({ wabaId }) => wabaId,
    }),
    readNumber: graphActivity(graph, {
      doing: ({ preverifiedId }) => `read pre-verified number ${preverifiedId}`,
      run: readNumber,
    }),
    shareNumber: graphActivity(graph, {
      doing: ({ preverifiedId, partnerBusinessId }) =>
        `share pre-verified number ${preverifiedId} with business ${partnerBusinessId}`,
      run: shareNumber,
    }),
    unshareNumber: graphActivity(graph, {
      doing: ({ preverifiedId, partnerBusinessId }) =>
        `stop sharing pre-verified number ${preverifiedId} with business ${partnerBusinessId}`,
      run: unshareNumber,
    }),
    removeNumber: graphActivity(graph, {
      doing: ({ preverifiedId }) => `remove pre-verified number ${preverifiedId} from the pool`,
      run: removeNumber,
    }),
  } satisfies NumberActivities;
}

const wabaOf = (target: CodeTarget) => (target.kind === 'business' ? target.wabaId : null);

const nameTarget = ({ kind, id }: CodeTarget) =>
  kind === 'preverified' ? `pre-verified number ${id}` : `business phone number ${id}`;
