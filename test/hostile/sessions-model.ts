/** A plain model of who holds which number, which judges what the system did. It knows no limits and no Meta. */
export class SessionsModel {
  readonly #holders = new Map<string, { id: string; customerId: string }>();
  readonly #taken = new Map<string, string>();
  readonly #ids = new Set<string>();

  /** Who holds the number; `null` where it is free. */
  holder(number: string) {
    return this.#holders.get(number) ?? null;
  }

  isTaken(number: string): boolean {
    return this.#taken.has(number);
  }

  stands(reservationId: string): boolean {
    return [...this.#holders.values()].some(({ id }) => id === reservationId);
  }

  /** A customer was given a number. @returns what is wrong with that */
  given(number: string, customerId: string, id: string): string[] {
    const wrong: string[] = [];
    const before = this.#holders.get(number);
    if (this.#taken.has(number)) wrong.push(`${number} was given to ${customerId}, though it is taken`);
    if (before && before.customerId !== customerId)
      wrong.push(`${number} was given to ${customerId}, though ${before.customerId} holds it`);
    if (before?.customerId === customerId ? before.id !== id : this.#ids.has(id))
      wrong.push(`the reservation ${id} of ${number} is not the one that it should be`);
    this.#ids.add(id);
    // One number at a time: what the customer held before goes back.
    for (const [other, { customerId: holder }] of this.#holders)
      if (holder === customerId && other !== number) this.#holders.delete(other);
    this.#holders.set(number, { id, customerId });
    return wrong;
  }

  released(number: string): void {
    this.#holders.delete(number);
  }

  taken(number: string, customerId: string): void {
    this.#holders.delete(number);
    this.#taken.set(number, customerId);
  }

  /** @param records what the numbers say of themselves @returns in what they differ */
  compare(
    records: readonly {
      number: string;
      state: string;
      reservation: { id: string; customerId: string } | null;
    }[],
  ) {
    return records.flatMap(({ number, state, reservation }) => {
      const holder = this.holder(number);
      const wrong: string[] = [];
      if (reservation?.id !== holder?.id || reservation?.customerId !== holder?.customerId)
        wrong.push(
          `${number} is held by ${String(reservation?.customerId)} (${String(reservation?.id)}), not by ${String(holder?.customerId)} (${String(holder?.id)})`,
        );
      const taken = ['Claimed', 'Registered'].includes(state);
      if (taken !== this.isTaken(number)) wrong.push(`${number} is ${state}`);
      return wrong;
    });
  }
}
