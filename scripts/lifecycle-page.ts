import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { numberChart } from '../workflows/number/chart';
import { messageDescriptions, messageNames } from '../contract/messages';

/**
 * `docs/lifecycle.md`, drawn from the chart itself: a diagram of the states, one of each state's phases, and a table of
 * what each phase takes. Print it with `npm run lifecycle-page`; a test fails when the page in `docs/` is not this one.
 */
export function lifecyclePage(): string {
  return [
    '# The life of a number',
    '',
    '<!-- Made from the chart by `npm run lifecycle-page`. Do not edit. -->',
    '',
    'Plain words are messages, words in brackets are guards, `after` marks a timer, ✓ and ✗ are the answer and the failure of a call.',
    '',
    '## States',
    '',
    ...diagram(outline()),
    ...Object.values(life.states).flatMap((state) => [`## ${state.key}`, '', ...diagram(phases(state))]),
    '## Beside the states',
    '',
    'These go on beside the state, whichever it is.',
    '',
    ...regions.flatMap((region) => [`### ${region.key}`, '', ...diagram(phases(region))]),
    '## What each phase takes',
    '',
    'Messages that are not listed are rejected, but for a repeat of one that was accepted, which does nothing. Some of those that are listed have a guard: see the diagrams.',
    '',
    ...table(),
    '',
    '## Messages',
    '',
    '| message | what it does |',
    '|---|---|',
    ...messageNames.map((name) => `| \`${name}\` | ${messageDescriptions[name].replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}

const child = (node: AnyStateNode, name: string) => node.states[name] as AnyStateNode;
const root = numberChart.root as AnyStateNode;
const living = child(root, 'living');
const life = child(living, 'life');
const regions: AnyStateNode[] = Object.values(living.states).filter((region) => region !== life);

const diagram = (lines: string[]) => [
  '```mermaid',
  'stateDiagram-v2',
  ...lines.map((line) => `    ${line}`),
  '```',
  '',
];

/** Arrows between states, the arrows of their phases folded into them; those of `life` lead there from every state. */
function outline(): string[] {
  const arrows = new Map<string, Set<string>>();
  const states = Object.values(life.states);
  for (const state of states)
    for (const [node, transition] of [...transitionsBelow(state), ...transitionsOf(life).map(ofLife)])
      for (const target of transition.target ?? [])
        if (topOf(target) !== state)
          add(arrows, `${state.key} --> ${topOf(target).key}`, label(node, transition));
  return [
    `[*] --> ${topOf(leaf(life)).key}`,
    ...[...arrows].map(([arrow, labels]) => `${arrow}: ${[...labels].join('<br/>')}`),
    ...Object.values(root.states)
      .filter(({ type }) => type === 'final')
      .map(({ key }) => `${key} --> [*]`),
  ];
}

const ofLife = (transition: AnyTransitionDefinition): [AnyStateNode, AnyTransitionDefinition] => [
  life,
  transition,
];

/** Arrows between the phases of one state, and out of it. */
function phases(state: AnyStateNode): string[] {
  const arrows = new Map<string, Set<string>>();
  for (const [node, transition] of transitionsBelow(state)) {
    for (const target of transition.target ?? []) {
      add(arrows, `${nameIn(state, node)} --> ${nameIn(state, leaf(target))}`, label(node, transition));
    }
  }
  return [
    `[*] --> ${nameIn(state, leaf(state))}`,
    ...[...arrows].map(([arrow, labels]) => `${arrow}: ${[...labels].join('<br/>')}`),
  ];
}

function table(): string[] {
  const rows = leaves(life)
    .filter((node) => !node.always?.length)
    .map((node) => {
      const taken = messageNames.filter((name) => takes(node, name)).map((name) => `\`${name}\``);
      return `| \`${node.path.slice(2).join('.')}\` | ${taken.join(', ')} |`;
    });
  return ['| phase | messages |', '|---|---|', ...rows];
}

/** Whether a phase takes a message: the nearest handler of it, inside out, or where `life` has none another region. */
function takes(node: AnyStateNode, name: string): boolean {
  for (let at = node; at !== living; at = at.parent as AnyStateNode) {
    const handlers = at.transitions.get(name);
    if (handlers) return handlers.some(acts);
  }
  return regions.some((region) =>
    [...transitionsBelow(region)].some(([, transition]) => transition.eventType === name && acts(transition)),
  );
}

const acts = ({ target, actions }: AnyTransitionDefinition) => target !== undefined || actions.length > 0;

const transitionsOf = (node: AnyStateNode): AnyTransitionDefinition[] => [
  ...[...node.transitions.values()].flat(),
  ...(node.always ?? []),
];

function* transitionsBelow(node: AnyStateNode): Generator<[AnyStateNode, AnyTransitionDefinition]> {
  for (const transition of transitionsOf(node)) yield [node, transition];
  for (const child of Object.values(node.states)) yield* transitionsBelow(child);
}

const leaves = (node: AnyStateNode): AnyStateNode[] => {
  const children = Object.values(node.states);
  return children.length === 0 ? [node] : children.flatMap(leaves);
};

/** Where one lands in a state. */
function leaf(node: AnyStateNode): AnyStateNode {
  const initial = node.initial.target[0];
  return node.type === 'compound' && initial ? leaf(initial) : node;
}

/** The state of `life`, the region or the final state that a node is in. */
const topOf = (node: AnyStateNode): AnyStateNode =>
  node.parent === root || node.parent === living || node.parent === life || !node.parent
    ? node
    : topOf(node.parent);

/** A phase by its path inside the state, any other state by its name. */
const nameIn = (state: AnyStateNode, node: AnyStateNode) =>
  topOf(node) === state && node !== state ? node.path.slice(state.path.length).join('_') : topOf(node).key;

function label(node: AnyStateNode, { eventType, guard, meta }: AnyTransitionDefinition): string {
  const when = guard ? ` [${guardName(guard)}]` : '';
  const rejects = (meta as { rejects?: string } | undefined)?.rejects;
  const type = String(eventType);
  if (rejects) return `${type}${when} rejected`;
  if (type === '') return when.trim() || 'at once';
  if (!type.startsWith('xstate.')) return `${type}${when}`;
  const [, kind, name = '', call = ''] = type.split('.');
  if (kind === 'after') return `after ${name}${when}`;
  return `${call || (node.invoke[0]?.id ?? '')} ${kind === 'done' ? '✓' : '✗'}${when}`;
}

/** A combined guard by those that it combines. */
function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  const { check, guards } = guard as { check: { name: string }; guards: unknown[] };
  const names = guards.map(guardName);
  return check.name.startsWith('checkNot') ? `not ${names.join('')}` : names.join(' and ');
}

function add(arrows: Map<string, Set<string>>, arrow: string, text: string): void {
  arrows.set(arrow, (arrows.get(arrow) ?? new Set()).add(text));
}

if (require.main === module) process.stdout.write(lifecyclePage());
