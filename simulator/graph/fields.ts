import { invalidParameter } from '../graph-error';

/** A parsed `fields` parameter: `id,owner_business{id,name}`. */
export type FieldTree = Map<string, FieldTree>;

/** @throws GraphError 100 for brackets that do not close and for empty names */
export function parseFields(text: string): FieldTree {
  const scan = { text, at: 0 };
  const tree = parseList(scan);
  if (scan.at < text.length) throw syntaxError(text);
  return tree;
}

function parseList(scan: { text: string; at: number }): FieldTree {
  const tree: FieldTree = new Map();
  for (;;) {
    const name = /^\s*([a-z_0-9]+)\s*/.exec(scan.text.slice(scan.at));
    if (name?.[1] === undefined) throw syntaxError(scan.text);
    scan.at += name[0].length;
    tree.set(name[1], parseNested(scan));
    if (scan.text[scan.at] !== ',') return tree;
    scan.at += 1;
  }
}

function parseNested(scan: { text: string; at: number }): FieldTree {
  if (scan.text[scan.at] !== '{') return new Map();
  scan.at += 1;
  const nested = parseList(scan);
  if (scan.text[scan.at] !== '}') throw syntaxError(scan.text);
  scan.at += 1;
  return nested;
}

const syntaxError = (text: string) => invalidParameter(`Syntax error in fields: ${text.slice(0, 100)}`);

/** An object as Meta can show it: all its fields, and those that are shown when none is asked for. */
export interface View {
  typeName: string;
  /** A value of `undefined` is a field that this object has no value for: Meta leaves it out. */
  fields: Record<string, unknown>;
  shownByDefault: readonly string[];
}

/** @throws GraphError 100 for a field that the type does not have */
export function pick(view: View, fields: FieldTree | null): Record<string, unknown> {
  const tree: FieldTree =
    fields ?? new Map(view.shownByDefault.map((name) => [name, new Map<string, never>()]));
  const picked: Record<string, unknown> = {};
  for (const [name, nested] of tree) {
    if (!(name in view.fields)) {
      throw invalidParameter(`Tried accessing nonexisting field (${name}) on node type (${view.typeName})`);
    }
    picked[name] = nested.size > 0 ? narrow(view.fields[name], nested) : view.fields[name];
  }
  return { ...picked, id: view.fields['id'] };
}

const narrow = (value: unknown, fields: FieldTree): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([name]) => fields.has(name)))
    : value;
