// Listens to the feed as server-sent events: node stream.mjs <book>
// REESTR_ADDRESS and REESTR_KEY say where and by which right; REESTR_TYPES narrows it down.
import { setTimeout as sleep } from 'node:timers/promises';
import { Book } from './book.mjs';

const { REESTR_ADDRESS: address, REESTR_KEY: key, REESTR_TYPES: types = '' } = process.env;
const SILENCE = 30_000; // a living stream says something every ten seconds
const PASSES = [429, 502, 503, 504];

async function listen(book) {
  const silence = new AbortController();
  const watch = setTimeout(() => silence.abort(), SILENCE);
  try {
    const answer = await fetch(`${address}/v1/events/stream?${new URLSearchParams({ types })}`, {
      headers: { Authorization: `Bearer ${key}`, 'Last-Event-ID': book.cursor },
      signal: silence.signal,
    });
    if (PASSES.includes(answer.status)) return;
    if (!answer.ok) {
      console.error(await answer.text());
      process.exit(1);
    }
    let rest = '';
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      watch.refresh();
      const blocks = (rest + piece).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) take(book, block);
    }
  } finally {
    clearTimeout(watch);
  }
}

function take(book, block) {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
  if (fields.id) book.take(fields.data ? [JSON.parse(fields.data)] : [], fields.id);
}

const book = new Book(process.argv[2]);
for (;;) {
  await listen(book).catch(() => {});
  await sleep(1000);
}
