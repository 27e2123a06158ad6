import { auditExported, readingConverter, type Audit } from '../../audit';
import { readSettings } from '../../settings';

export interface Json {
  events: Record<string, any>[];
}

export const findings = ({ runs }: Audit) =>
  runs.flatMap((run) => [
    ...run.findings.map(({ what }) => what),
    ...(run.unreadable ? [run.unreadable] : []),
  ]);

/** The audit of an exported history that somebody changed. */
export async function tampered(
  exported: string,
  env: Record<string, string>,
  change: (history: Json) => void,
): Promise<Audit> {
  const history = JSON.parse(exported) as Json;
  change(history);
  return auditExported(JSON.stringify(history), readingConverter(readSettings(['payloads'], env)));
}

export function find({ events }: Json, attributes: string): Record<string, any>[] {
  const found = events.filter((event) => attributes in event);
  if (found.length === 0) throw new Error(`no event has ${attributes}`);
  return found;
}

export const encoded = (value: string) => Buffer.from(JSON.stringify(value)).toString('base64');

/** Gives the search attribute another value wherever the history changes it. */
export const changeAttribute = (name: string, value: string) => (history: Json) => {
  for (const event of find(history, 'upsertWorkflowSearchAttributesEventAttributes')) {
    const { indexedFields } = event['upsertWorkflowSearchAttributesEventAttributes'].searchAttributes;
    if (indexedFields[name]) indexedFields[name].data = encoded(value);
  }
};

const placeOf = ({ events }: Json, attributes: string) => events.findIndex((event) => attributes in event);

/** What somebody may do to a history, be it a number's or a customer's. */
export const tamperings: Record<string, (history: Json) => void> = {
  'an event taken out': (history) => {
    history.events.splice(placeOf(history, 'activityTaskCompletedEventAttributes'), 1);
  },
  'an event taken out and the others renumbered': (history) => {
    history.events.splice(placeOf(history, 'upsertWorkflowSearchAttributesEventAttributes'), 1);
    history.events.forEach((event, place) => (event['eventId'] = String(place + 1)));
  },
  'an update put in twice': (history) => {
    const index = placeOf(history, 'workflowExecutionUpdateAcceptedEventAttributes');
    history.events.splice(index, 0, structuredClone(history.events[index]!));
  },
  'a start of another portfolio made by hand': (history) => {
    const { searchAttributes } = history.events[0]!['workflowExecutionStartedEventAttributes'];
    searchAttributes.indexedFields.PortfolioId.data = encoded('4711');
  },
  'a call that was never made': (history) => {
    const [called] = find(history, 'activityTaskScheduledEventAttributes');
    called!['activityTaskScheduledEventAttributes'].activityType.name = 'removeNumber';
  },
};

/** Moves the last workflow task to an hour earlier. */
export const shiftLastTask = (history: Json) => {
  const started = find(history, 'workflowTaskStartedEventAttributes').at(-1)!;
  started['eventTime'] = new Date(Date.parse(started['eventTime'] as string) - 3_600_000).toISOString();
};

/** Changes a bit of the sealed result. */
export const alterResult = (history: Json) => {
  const { result } = find(history, 'workflowExecutionCompletedEventAttributes')[0]![
    'workflowExecutionCompletedEventAttributes'
  ];
  const data = Buffer.from(result.payloads[0].data as string, 'base64');
  data[20]! ^= 1;
  result.payloads[0].data = data.toString('base64');
};

/** Tests of what is the same for numbers and customers. @param changed the audit of their history, changed so */
export function tamperingsAreFound(changed: (change: (history: Json) => void) => Promise<Audit>): void {
  test('left as it is it agrees', async () => {
    expect(findings(await changed(() => undefined))).toEqual([]);
  });

  test.each(Object.entries(tamperings))('%s', async (_, change) => {
    const audit = await changed(change);
    expect(findings(audit).length).toBeGreaterThan(0);
    expect(audit.agrees).toBe(false);
  });
}
