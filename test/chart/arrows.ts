import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

/** Which arrows of a chart were taken, whoever took them: a message's, a call's end's, a timer's, and those without an event. */
export class Arrows {
  readonly #taken = new Set<AnyTransitionDefinition>();

  /** Listens to the chart from now on. */
  constructor(private readonly chart: AnyStateMachine) {
    const transition = chart.transition.bind(chart);
    chart.transition = (snapshot, event, scope) => {
      scope.system.inspect((step) => {
        if (step.type === '@xstate.microstep') for (const arrow of step._transitions) this.#taken.add(arrow);
      });
      return transition(snapshot, event, scope);
    };
  }

  get neverTaken(): string[] {
    return arrowsFrom(this.chart.root)
      .filter((arrow) => !this.#taken.has(arrow))
      .map(name);
  }
}

/** A combined guard by those that it combines. */
function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  return (guard as { guards: unknown[] }).guards.map(guardName).join(', ');
}

/** But for those that reject a message: they go nowhere. */
const goes = ({ target, actions }: AnyTransitionDefinition) => target !== undefined || actions.length > 0;

const arrowsFrom = (node: AnyStateNode): AnyTransitionDefinition[] => [
  ...[...node.transitions.values()].flat().filter(goes),
  ...(node.always ?? []),
  ...Object.values(node.states).flatMap(arrowsFrom),
];

/** As one would say it: `Added.waiting: after goOnOrDeadline [deadlinePassed] → Removed`. */
function name({ source, eventType, guard, target }: AnyTransitionDefinition): string {
  const from = source.path.join('.') || 'anywhere';
  const condition = guard ? ` [${guardName(guard)}]` : '';
  const to = target ? ` → ${target.map(({ path }) => path.join('.')).join(', ')}` : '';
  return `${from}: ${cause(eventType)}${condition}${to}`;
}

function cause(eventType: string): string {
  if (eventType === '') return 'at once';
  if (!eventType.startsWith('xstate.')) return eventType;
  const [, kind, what = '', call = ''] = eventType.split('.');
  return kind === 'after' ? `after ${what}` : `${call} ${kind === 'done' ? 'done' : 'refused'}`;
}
