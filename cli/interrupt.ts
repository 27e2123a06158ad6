import { note } from './print';

/**
 * The first Ctrl-C lets what is under way end and begins nothing more, so that the command can say how far it came; the
 * second one ends it.
 */
export async function interruptible<Answer>(act: (stop: AbortSignal) => Promise<Answer>): Promise<Answer> {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130);
    note('Stopping: what is under way ends first. Ctrl-C once more ends at once.');
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await act(stop.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
