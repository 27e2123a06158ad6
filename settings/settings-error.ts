import { StartError } from './start-error';

/** Settings are wrong or missing: names every fault at once, never a secret's value. */
export class SettingsError extends StartError {
  override readonly name = 'SettingsError';

  constructor(
    /** One sentence each: which variable, what is wrong with it, how to mend it. */
    readonly faults: readonly string[],
  ) {
    const one = faults.length === 1;
    super(
      one ? 'A setting is wrong' : `${String(faults.length)} settings are wrong`,
      one ? (faults[0] ?? '') : faults.map((fault) => `\n  - ${fault}`).join(''),
    );
  }
}
