import * as v from 'valibot';
import type { ByFieldNames } from './field-names';
import { walk, type Lists, type Page } from './paging';
import { describeRequest, type GraphRequest, type Send } from './send';

interface HasNumber {
  /** Digits; empty where the answer had none. */
  phoneNumber: string;
}
const hasNumber = ({ phoneNumber }: HasNumber) => phoneNumber !== '';

/** Reads numbers of one kind, alone and in lists. A row of a list that names no number counts as unreadable. */
export function numberReader<Item extends HasNumber>(
  schema: v.GenericSchema<unknown, Item>,
  byFieldNames: ByFieldNames,
  send: Send,
  lists: Lists,
) {
  const row: v.GenericSchema<unknown, Item> = v.pipe(
    schema,
    v.check((item: Item) => hasNumber(item)),
  );

  const page = (request: GraphRequest, after: string | null): Promise<Page<Item>> =>
    byFieldNames(
      (fields) => lists.page({ ...request, params: { fields, ...request.params } }, row, after),
      ({ items, unreadable }) => items.length > 0 || unreadable === 0,
    );

  return {
    page,
    all: (request: GraphRequest) => walk(describeRequest(request), (after) => page(request, after)),
    /** `fits`: whether the answer has what every object of the kind has. */
    one: (id: string, fits: (item: Item) => boolean = hasNumber): Promise<Item> =>
      byFieldNames((fields) => send({ method: 'GET', path: id, params: { fields } }, schema), fits),
  };
}
