// Reads the feed, from event one and for ever: node feed.mjs <book>
import { setTimeout as sleep } from 'node:timers/promises';
import { Book } from './book.mjs';
import { page } from './page.mjs';

const WAIT = 20;

const book = new Book(process.argv[2]);
for (;;) {
  const found = await page(book.cursor, WAIT).catch(() => null);
  if (found === null) await sleep(1000);
  else if (found.items.length || found.next !== book.cursor) book.take(found.items, found.next);
}
