import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { latestChart } from '../workflows/number/charts';
import { messageDescriptions, messageNames } from '../contract/messages';

/**
 * `docs/lifecycle.md`, drawn from the chart itself: a diagram of the states, one of each state's phases, and a table of
 * what each phase takes. Print it with `npm run lifecycle-page`; a test fails when the page in `docs/` is not this one.
 */
export function lifecyclePage(): string {
  const states = Object.values(latestChart.root.states);
  return [
    '# The life of a number',
    '',
    '<!-- Made from the chart by `npm run lifecycle-page`. Do not edit. -->',
    '',
    'Solid words are messages, words in brackets are guards, `after` marks a deadline, ✓ and ✗ are the answer and the refusal of a call.',
    '',
    '## States',
    '',
    ...diagram(outline(states)),
    ...states
      .filter(({ type }) => type === 'compound')
      .flatMap((state) => [`## ${state.key}`, '', ...diagram(phases(state))]),
    '## What each phase takes',
    '',
    'Messages that are not listed are refused, but for a repeat of one that was accepted, which does nothing. Some of those that are listed have a guard: see the diagrams.',
    '',
    ...table(states),
    '',
    '## Messages',
    '',
    '| message | what it does |',
    '|---|---|',
    ...messageNames.map((name) => `| \`${name}\` | ${messageDescriptions[name].replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}

const diagram = (lines: string[]) => [
  '```mermaid',
  'stateDiagram-v2',
  ...lines.map((line) => `    ${line}`),
  '```',
  '',
];

/** Arrows between states, the arrows of their phases folded into them. */
function outline(states: AnyStateNode[]): string[] {
  const arrows = new Map<string, Set<string>>();
  for (const state of states) {
    for (const [node, transition] of transitionsBelow(state)) {
      for (const target of transition.target ?? []) {
        const to = topOf(target);
        if (to === state) continue;
        add(arrows, `${state.key} --> ${to.key}`, label(node, transition));
      }
    }
    if (state.type !== 'final') {
      for (const transition of transitionsOf(latestChart.root)) {
        for (const target of transition.target ?? []) {
          // Claimed overrides the claim of the root with its own.
          if (topOf(target) !== state)
            add(arrows, `${state.key} --> ${topOf(target).key}`, label(latestChart.root, transition));
        }
      }
    }
  }
  return [
    '[*] --> Added',
    ...[...arrows].map(([arrow, labels]) => `${arrow}: ${[...labels].join('<br/>')}`),
    ...states.filter(({ type }) => type === 'final').map(({ key }) => `${key} --> [*]`),
  ];
}

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

function table(states: AnyStateNode[]): string[] {
  const rows = states.flatMap((state) =>
    leaves(state)
      .filter((node) => node.type !== 'final' && !node.always?.length)
      .map((node) => {
        const taken = messageNames.filter((name) => takes(node, name)).map((name) => `\`${name}\``);
        return `| \`${node.path.join('.')}\` | ${taken.join(', ')} |`;
      }),
  );
  return ['| phase | messages |', '|---|---|', ...rows];
}

/** Whether the nearest handler of the message, inside out, does anything. */
function takes(node: AnyStateNode, name: string): boolean {
  for (let at: AnyStateNode | undefined = node; at; at = at.parent) {
    const handlers = at.transitions.get(name);
    if (!handlers) continue;
    if (handlers.some(({ target, actions }) => target !== undefined || actions.length > 0)) {
      // What the root takes is for unclaimed numbers, but for a code that verified the number and comes once more.
      return at !== latestChart.root || (name !== 'submitCode' && node.path[0] !== 'Claimed');
    }
    return false;
  }
  return false;
}

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

const topOf = (node: AnyStateNode): AnyStateNode =>
  node.parent && node.parent !== latestChart.root ? topOf(node.parent) : node;

/** A phase by its path inside the state, any other state by its name. */
const nameIn = (state: AnyStateNode, node: AnyStateNode) =>
  topOf(node) === state && node !== state ? node.path.slice(1).join('_') : topOf(node).key;

function label(node: AnyStateNode, transition: AnyTransitionDefinition): string {
  const eventType = transition.eventType as string;
  const guard = transition.guard as string | undefined;
  const when = guard ? ` [${guard}]` : '';
  const [kind, name] = eventType.startsWith('xstate.')
    ? eventType.split('.').slice(1)
    : ['message', eventType];
  if (kind === 'after') return `after ${String(name)}${when}`;
  if (kind === 'done') return `${node.invoke[0]?.id ?? ''} ✓${when}`;
  if (kind === 'error') return `${node.invoke[0]?.id ?? ''} ✗${when}`;
  return `${name ?? ''}${when}`.trim() || 'at once';
}

function add(arrows: Map<string, Set<string>>, arrow: string, text: string): void {
  arrows.set(arrow, (arrows.get(arrow) ?? new Set()).add(text));
}

if (require.main === module) process.stdout.write(lifecyclePage());
