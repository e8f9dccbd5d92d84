// Asks the service what everybody may ask it.
const answerWithinMs = 10000;

/** Answers a JSON document with its ETag, or throws a problem: its status, type and sentence for people. */
export async function ask(path, options = {}) {
  const signal = AbortSignal.timeout(answerWithinMs);
  const headers = { Accept: 'application/json', ...options.headers };
  const response = await fetch(path, { ...options, cache: 'no-store', headers, signal }).catch(() => {
    const outcome = options.method ? ' It may have saved the string, or not.' : '';
    throw { status: 0, detail: 'The service did not answer.' + outcome };
  });
  const body = await response.json().catch(() => ({ detail: `The service answered with status ${response.status}.` }));
  if (!response.ok) {
    throw { ...body, status: response.status };
  }
  // A proxy that compresses marks the ETag as weak, or with its coding; it names the same version.
  body.etag = response.headers.get('ETag')?.replace(/^W\/|[-;](gzip|br|zstd)(?="$)/g, '');
  return body;
}

const insteadOf = (status, other) => (problem) => problem.status === status ? other : Promise.reject(problem);

/** Answers none to a key that is for writing only. */
export function askForHistory(key, query) {
  return ask('/history?' + query, { headers: { 'X-API-Key': key } }).catch(insteadOf(403, []));
}

/** What to send so that the string is the text: the service drops one line break at the end. */
export function bodyOf(text) {
  return text.endsWith('\n') ? text + '\n' : text;
}

/** Answers the new version, or nothing if the expected one isn't current any more. */
export function put(text, expected, key) {
  const headers = { 'Content-Type': 'application/json', 'X-API-Key': key };
  // What was lost has none.
  if (expected.etag) {
    headers['If-Match'] = expected.etag;
  }
  // As JSON, since as text half a character would become another one.
  const body = JSON.stringify({ value: bodyOf(text) });
  return ask('/', { method: 'PUT', body, headers }).catch(insteadOf(412));
}
