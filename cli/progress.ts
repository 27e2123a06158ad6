import { Presets, SingleBar } from 'cli-progress';
import { note, plain } from './print';

export interface Progress {
  step: (line: string) => void;
  stop: () => void;
}

/**
 * A bar on a terminal, a line for each step elsewhere; on standard error both.
 *
 * @param total steps; `null` where nobody knows, and the time that it has taken is shown
 */
export function progress(total: number | null, what: string): Progress {
  const { stderr } = process;
  if (!stderr.isTTY) {
    let done = 0;
    return {
      step: (line) =>
        note(total === null ? `${what}: ${line}` : `${String(++done)}/${String(total)} ${line}`),
      stop: () => undefined,
    };
  }
  const format =
    total === null ? `${what}, {duration_formatted} · {line}` : `${what} {bar} {value}/{total} · {line}`;
  // Redrawn all the time, for the time that passes while nothing else changes.
  const bar = new SingleBar(
    { format, stream: stderr, hideCursor: true, forceRedraw: total === null },
    Presets.shades_classic,
  );
  bar.start(total ?? 0, 0, { line: '' });
  return {
    step: (line) => bar.increment({ line: plain(line) }),
    stop: () => bar.stop(),
  };
}
