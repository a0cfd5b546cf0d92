// One page of the feed; null where it is worth asking again later.
// REESTR_ADDRESS and REESTR_KEY say where and by which right; REESTR_TYPES narrows it down.
const { REESTR_ADDRESS: address, REESTR_KEY: key, REESTR_TYPES: types = '' } = process.env;
const PASSES = [429, 502, 503, 504];

export async function page(after, wait) {
  const query = new URLSearchParams({ after, types, limit: 500, wait });
  const answer = await fetch(`${address}/v1/events?${query}`, {
    headers: { Authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout((wait + 15) * 1000),
  });
  if (PASSES.includes(answer.status)) return null;
  if (!answer.ok) {
    console.error(await answer.text());
    process.exit(1);
  }
  return answer.json();
}
