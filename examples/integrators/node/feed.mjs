// Reads the feed, from event one and for ever: node feed.mjs <book>
// REESTR_ADDRESS and REESTR_KEY say where and by which right; REESTR_TYPES narrows it down.
import { setTimeout as sleep } from 'node:timers/promises';
import { Book } from './book.mjs';

const { REESTR_ADDRESS: address, REESTR_KEY: key, REESTR_TYPES: types = '' } = process.env;
const WAIT = 20;
const PASSES = [429, 502, 503, 504];

async function page(after) {
  const query = new URLSearchParams({ after, types, limit: 500, wait: WAIT });
  const answer = await fetch(`${address}/v1/events?${query}`, {
    headers: { Authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout((WAIT + 15) * 1000),
  });
  if (PASSES.includes(answer.status)) return null;
  if (!answer.ok) {
    console.error(await answer.text());
    process.exit(1);
  }
  return answer.json();
}

const book = new Book(process.argv[2]);
for (;;) {
  const found = await page(book.cursor).catch(() => null);
  if (found === null) await sleep(1000);
  else if (found.items.length || found.next !== book.cursor) book.take(found.items, found.next);
}
