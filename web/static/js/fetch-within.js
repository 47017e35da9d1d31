// Asking the server, but not for ever: on two bars of signal an answer may never come.

/**
 * What `read` makes of the answer; rejects when it is no good one or takes longer than `ms`.
 * @param {function(Response): Promise} read such as (answer) => answer.json()
 */
export async function fetchWithin(url, ms, read) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  try {
    const answer = await fetch(url, { signal: stop.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return await read(answer);
  } finally {
    clearTimeout(timer);
  }
}
