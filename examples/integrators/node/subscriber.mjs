// Hears by AMQP and catches up by the feed: node subscriber.mjs <book>   (npm ci first)
// REESTR_AMQP_URL and REESTR_TOPICS (routing keys separated by spaces) come from `reestr subscriber
// add`; page.mjs says what the feed needs.
import { setTimeout as sleep } from 'node:timers/promises';
import amqplib from 'amqplib';
import { Book } from './book.mjs';
import { page } from './page.mjs';

const { REESTR_AMQP_URL: url, REESTR_TOPICS: topics } = process.env;
const EXCHANGE = 'reestr.events';
const CATCH_UP_EVERY = 300_000;

// A queue is a hint: bounded, and gone with the broker's disk. So the place to go on from moves
// with the feed alone, and what both bring is known by its id.
async function hear(book) {
  const connection = await amqplib.connect(url, { heartbeat: 20, timeout: 5000 });
  connection.on('error', () => {});
  const closed = new Promise((resolve) => connection.once('close', resolve));
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => connection.close().catch(() => {}));
    const { queue } = await channel.assertQueue(`${decodeURIComponent(new URL(url).username)}.node`);
    for (const topic of topics.split(' ')) await channel.bindQueue(queue, EXCHANGE, topic);
    await channel.prefetch(100);
    await channel.consume(queue, (message) => {
      if (message === null) return connection.close().catch(() => {}); // the queue is gone
      book.take([JSON.parse(message.content)], book.cursor);
      channel.ack(message);
    });
    for (;;) {
      await catchUp(book);
      if ((await Promise.race([closed.then(() => 'closed'), sleep(CATCH_UP_EVERY)])) === 'closed') return;
    }
  } finally {
    await connection.close().catch(() => {});
  }
}

// Everything there is by now, the queue being bound already: so nothing falls between.
async function catchUp(book) {
  for (;;) {
    const found = await page(book.cursor, 0);
    if (found === null) await sleep(1000);
    else {
      book.take(found.items, found.next);
      if (!found.items.length) return;
    }
  }
}

const book = new Book(process.argv[2]);
for (;;) {
  await hear(book).catch(() => {});
  await sleep(1000);
}
