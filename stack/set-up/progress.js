'use strict';

/** @typedef {(detail: string) => void} Report tells how a step gets on */

/** How often a step that takes long shows a sign of life where lines cannot be rewritten, in milliseconds. */
const heartbeat = 15_000;

/** Steps of a set-up on standard error as they go on, some at the same time: live on a terminal, lines elsewhere. */
class Progress {
  /** @type {{ name: string, detail: string, begun: number }[]} */
  #going = [];
  #drawn = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #out;

  /** @param {NodeJS.WriteStream} [out] */
  constructor(out = process.stderr) {
    this.#out = out;
  }

  /**
   * @template Result
   * @param {string} name what is being done
   * @param {(report: Report) => Promise<Result>} work
   * @param {(result: Result) => string} [outcome] what to say of it when it is done
   * @returns {Promise<Result>}
   */
  async step(name, work, outcome = () => '') {
    const step = { name, detail: '', begun: Date.now() };
    this.#going.push(step);
    this.#timer ??= setInterval(() => this.#beat(), this.#out.isTTY ? 200 : heartbeat);
    try {
      const result = await work((detail) => {
        step.detail = detail;
      });
      this.#end(step, '✓', outcome(result));
      return result;
    } catch (error) {
      this.#end(step, '✗', '');
      throw error;
    }
  }

  /** @param {{ name: string, begun: number }} step @param {string} mark @param {string} words */
  #end(step, mark, words) {
    this.#going = this.#going.filter((other) => other !== step);
    this.#clear();
    this.#out.write(`${mark} ${step.name}${words && `: ${words}`} (${seconds(step)} s)\n`);
    this.#draw();
    if (this.#going.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #beat() {
    this.#clear();
    this.#draw();
    if (this.#out.isTTY) return;
    for (const step of this.#going) this.#out.write(`… ${line(step)}\n`);
  }

  #clear() {
    if (this.#drawn > 0) this.#out.write(`\x1b[${this.#drawn}A\x1b[J`);
    this.#drawn = 0;
  }

  #draw() {
    if (!this.#out.isTTY) return;
    const width = this.#out.columns || 80;
    for (const step of this.#going) this.#out.write(`… ${line(step)}`.slice(0, width - 1) + '\n');
    this.#drawn = this.#going.length;
  }
}

/** @param {{ name: string, detail: string, begun: number }} step */
const line = (step) => `${step.name}, ${seconds(step)} s${step.detail && `: ${step.detail}`}`;

/** @param {{ begun: number }} step */
const seconds = ({ begun }) => Math.round((Date.now() - begun) / 1000);

module.exports = { Progress };
