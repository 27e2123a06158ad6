import { Presets, SingleBar } from 'cli-progress';
import { note } from './print';

export interface Progress {
  step(what: string): void;
  stop(): void;
}

/** A bar on a terminal, a line for each step elsewhere; on standard error both. */
export function progress(total: number, what: string): Progress {
  if (!process.stderr.isTTY) {
    let done = 0;
    return {
      step: (line) => {
        note(`${String(++done)}/${String(total)} ${line}`);
      },
      stop: () => undefined,
    };
  }
  const format = `${what} {bar} {value}/{total} · {line}`;
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
  bar.start(total, 0, { line: '' });
  return {
    step: (line) => {
      bar.increment({ line });
    },
    stop: () => {
      bar.stop();
    },
  };
}
