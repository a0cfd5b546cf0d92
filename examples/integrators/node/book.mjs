// What an integrator keeps: a file of lines, each with some events and the place to go on from.
// A line that was cut off by a crash does not count: its events will come again.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';

export class Book {
  constructor(path) {
    this.path = path;
    this.cursor = '';
    this.known = new Set();
    if (existsSync(path)) this.recall(readFileSync(path));
    this.file = openSync(path, 'a');
  }

  recall(content) {
    const whole = content.lastIndexOf('\n') + 1;
    if (whole < content.length) truncateSync(this.path, whole);
    for (const line of content.subarray(0, whole).toString().split('\n').filter(Boolean)) {
      const { cursor, events } = JSON.parse(line);
      this.cursor = cursor;
      for (const event of events) this.known.add(event.id);
    }
  }

  // An event that is known already is passed over: its id tells.
  take(events, cursor) {
    const fresh = events.filter((event) => !this.known.has(event.id));
    for (const event of fresh) this.known.add(event.id);
    writeSync(this.file, JSON.stringify({ cursor, events: fresh }) + '\n');
    fsyncSync(this.file);
    this.cursor = cursor;
  }

  close() {
    closeSync(this.file);
  }
}
