import { invalidParameter } from '../graph-error';
import { Parameters } from './parameters';

/**
 * Parameters travel as query string, as form (URL-encoded or multipart) or as JSON; Meta's own example sends JSON as
 * text/plain, so the body is known by its first character. What the body says wins over the query.
 */
export async function readParameters(
  query: URLSearchParams,
  body: Buffer,
  contentType: string,
): Promise<Parameters> {
  return new Parameters(new Map([...query, ...(await bodyEntries(body, contentType))]));
}

async function bodyEntries(body: Buffer, contentType: string): Promise<[string, string][]> {
  if (contentType.startsWith('multipart/form-data')) return formEntries(body, contentType);
  const text = body.toString('utf8').trim();
  return text.startsWith('{') ? jsonEntries(text) : [...new URLSearchParams(text)];
}

function jsonEntries(text: string): [string, string][] {
  try {
    const object = JSON.parse(text) as Record<string, unknown>;
    return Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  } catch {
    throw invalidParameter('The body is not valid JSON');
  }
}

async function formEntries(body: Buffer, contentType: string): Promise<[string, string][]> {
  try {
    // Deprecated for servers that must stand large bodies; the server takes a mebibyte at most.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    return [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  } catch {
    throw invalidParameter('The body is not a valid form');
  }
}
