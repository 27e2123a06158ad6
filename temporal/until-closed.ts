import { InterceptingCall, Metadata, status, type Interceptor } from '@grpc/grpc-js';

/**
 * Goes behind the SDK's own retries. Those (1.24) try a failed call again after a pause without a look at whether its
 * connection was closed meanwhile; gRPC then throws where nobody can catch it, and the process dies. The SDK has no public
 * issue of it; https://github.com/vinceblank/agent-tempo/pull/624 met the same. Once the connection is closed, a call ends
 * as one that was cancelled.
 */
export function untilClosed(): { interceptor: Interceptor; close: () => void } {
  let closed = false;
  return {
    interceptor: (options, nextCall) => new InterceptingCall(closed ? ended : nextCall(options)),
    close: () => {
      closed = true;
    },
  };
}

const ended: ReturnType<Parameters<Interceptor>[1]> = {
  start(_metadata, listener) {
    listener?.onReceiveMessage?.(null);
    listener?.onReceiveStatus?.({
      code: status.CANCELLED,
      details: 'the connection was closed',
      metadata: new Metadata(),
    });
  },
  sendMessage: () => undefined,
  sendMessageWithContext: () => undefined,
  startRead: () => undefined,
  halfClose: () => undefined,
  cancelWithStatus: () => undefined,
  getPeer: () => '',
  getAuthContext: () => null,
};
