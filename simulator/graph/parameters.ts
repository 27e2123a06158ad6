import { invalidParameter } from '../graph-error';

/** A call's parameters, from wherever they came; all as text, for Meta reads them so. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** The parameter's text, `undefined` when it is missing or empty. */
  text(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** @throws GraphError 100 when it is missing */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw invalidParameter(`The parameter ${name} is required`);
    return value;
  }

  /** @throws GraphError 100 when it is missing or does not look as it must */
  matching(name: string, pattern: RegExp, expected: string): string {
    const value = this.required(name);
    if (!pattern.test(value)) throw invalidParameter(`Param ${name} must be ${expected}`);
    return value;
  }

  entries(): [string, string][] {
    return [...this.#values];
  }
}
