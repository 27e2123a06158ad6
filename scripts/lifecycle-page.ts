import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { customerMessageDescriptions } from '../contract/customer-messages';
import { messageDescriptions } from '../contract/messages';
import { customerChart } from '../workflows/customer/chart';
import { numberChart } from '../workflows/number/chart';

/** Where the lives are drawn, by the page. Print them anew with `npm run lifecycle-page`; a test fails when a page is not its chart's. */
export const lifecyclePages = (): Record<string, string> => ({
  'docs/lifecycle.md': new LifecyclePage(numberChart, messageDescriptions).text(
    'The life of a number',
    'A customer has [a life of their own](customer-lifecycle.md).',
  ),
  'docs/customer-lifecycle.md': new LifecyclePage(customerChart, customerMessageDescriptions).text(
    'The life of a customer',
    '[Customers](customers.md) says what happens in it and why; a number has [a life of its own](lifecycle.md).',
  ),
});

/** A chart's page: a diagram of the states, one of each state's phases, and a table of what each phase takes. */
class LifecyclePage {
  readonly #root: AnyStateNode;
  readonly #living: AnyStateNode;
  readonly #life: AnyStateNode;
  readonly #regions: AnyStateNode[];

  constructor(
    chart: AnyStateMachine,
    private readonly messages: Record<string, string>,
  ) {
    this.#root = chart.root as AnyStateNode;
    this.#living = child(this.#root, 'living');
    this.#life = child(this.#living, 'life');
    this.#regions = Object.values(this.#living.states).filter((region) => region !== this.#life);
  }

  text(title: string, seeAlso: string): string {
    return [
      `# ${title}`,
      '',
      '<!-- Made from the chart by `npm run lifecycle-page`. Do not edit. -->',
      '',
      `Plain words are messages, words in brackets are guards, \`after\` marks a timer, ✓ and ✗ are the answer and the failure of a call. ${seeAlso}`,
      '',
      '## States',
      '',
      ...diagram(this.#outline()),
      ...Object.values(this.#life.states).flatMap((state) => [
        `## ${state.key}`,
        '',
        ...diagram(this.#phases(state)),
      ]),
      '## Beside the states',
      '',
      'These go on beside the state, whichever it is.',
      '',
      ...this.#regions.flatMap((region) => [`### ${region.key}`, '', ...diagram(this.#phases(region))]),
      '## What each phase takes',
      '',
      'Messages that are not listed are rejected, but for a repeat of one that was accepted, which does nothing. Some of those that are listed have a guard: see the diagrams.',
      '',
      ...this.#table(),
      '',
      '## Messages',
      '',
      '| message | what it does |',
      '|---|---|',
      ...Object.entries(this.messages).map(
        ([name, description]) => `| \`${name}\` | ${description.replaceAll('|', '\\|')} |`,
      ),
      '',
    ].join('\n');
  }

  /** Arrows between states, the arrows of their phases folded into them; those of `life` lead there from every state. */
  #outline(): string[] {
    const arrows = new Map<string, Set<string>>();
    const states = Object.values(this.#life.states);
    for (const state of states)
      for (const [node, transition] of [
        ...transitionsBelow(state),
        ...transitionsOf(this.#life).map((transition) => [this.#life, transition] as const),
      ])
        for (const target of transition.target ?? [])
          if (this.#topOf(target) !== state)
            add(arrows, `${state.key} --> ${this.#topOf(target).key}`, label(node, transition));
    return [
      `[*] --> ${this.#topOf(leaf(this.#life)).key}`,
      ...[...arrows].map(([arrow, labels]) => `${arrow}: ${[...labels].join('<br/>')}`),
      ...Object.values(this.#root.states)
        .filter(({ type }) => type === 'final')
        .map(({ key }) => `${key} --> [*]`),
    ];
  }

  /** Arrows between the phases of one state, and out of it. */
  #phases(state: AnyStateNode): string[] {
    const arrows = new Map<string, Set<string>>();
    for (const [node, transition] of transitionsBelow(state)) {
      for (const target of transition.target ?? []) {
        add(
          arrows,
          `${this.#nameIn(state, node)} --> ${this.#nameIn(state, leaf(target))}`,
          label(node, transition),
        );
      }
    }
    return [
      `[*] --> ${this.#nameIn(state, leaf(state))}`,
      ...[...arrows].map(([arrow, labels]) => `${arrow}: ${[...labels].join('<br/>')}`),
    ];
  }

  #table(): string[] {
    const rows = leaves(this.#life)
      .filter((node) => !isPassing(node))
      .map((node) => {
        const taken = Object.keys(this.messages)
          .filter((name) => this.#takes(node, name))
          .map((name) => `\`${name}\``);
        return `| \`${node.path.slice(2).join('.')}\` | ${taken.join(', ')} |`;
      });
    return ['| phase | messages |', '|---|---|', ...rows];
  }

  /** Whether a phase takes a message: the nearest handler of it, inside out, or where `life` has none another region. */
  #takes(node: AnyStateNode, name: string): boolean {
    for (let at = node; at !== this.#living; at = at.parent as AnyStateNode) {
      const handlers = at.transitions.get(name);
      if (handlers) return handlers.some(acts);
    }
    return this.#regions.some((region) =>
      [...transitionsBelow(region)].some(
        ([, transition]) => transition.eventType === name && acts(transition),
      ),
    );
  }

  /** The state of `life`, the region or the final state that a node is in. */
  #topOf(node: AnyStateNode): AnyStateNode {
    const tops = [this.#root, this.#living, this.#life];
    return !node.parent || tops.includes(node.parent) ? node : this.#topOf(node.parent);
  }

  /** A phase by its path inside the state, any other state by its name. */
  #nameIn(state: AnyStateNode, node: AnyStateNode): string {
    const top = this.#topOf(node);
    return top === state && node !== state ? node.path.slice(state.path.length).join('_') : top.key;
  }
}

const child = (node: AnyStateNode, name: string) => node.states[name] as AnyStateNode;

/** What a chart leaves at once is no phase: it goes on without a condition, or by nothing but conditions where no state begins. */
const isPassing = (node: AnyStateNode): boolean => {
  const always = node.always ?? [];
  if (always.length === 0 || always.some(({ guard }) => !guard)) return always.length > 0;
  const stays = node.transitions.size > 0 || node.parent?.initial.target.includes(node);
  return !stays;
};

const diagram = (lines: string[]) => [
  '```mermaid',
  'stateDiagram-v2',
  ...lines.map((line) => `    ${line}`),
  '```',
  '',
];

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

/** Every phase of a chart, and its final states: `Connecting.funding`. */
export function phasesOf({ root }: AnyStateMachine): string[] {
  const { living, ...final } = root.states as Record<string, AnyStateNode>;
  const life = child(living as AnyStateNode, 'life');
  return [
    ...leaves(life)
      .filter((node) => !isPassing(node))
      .map((node) => node.path.slice(2).join('.')),
    ...Object.keys(final),
  ];
}

if (require.main === module)
  for (const [file, text] of Object.entries(lifecyclePages()))
    writeFileSync(path.join(__dirname, '../..', file), text);
