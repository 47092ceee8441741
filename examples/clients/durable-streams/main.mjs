// Writes a room as a numbered producer, and reads it as everybody else sees it: npm install && npm start
import { DurableStream, IdempotentProducer, stream } from '@durable-streams/client';

const server = process.env.AGENT_ROOMS ?? 'http://127.0.0.1:8150';
const secret = process.env.INTERNAL_TOKEN;
const session = process.env.SESSION ?? `streams-${Date.now()}`;

const headers = secret ? { Authorization: `Bearer ${secret}` } : {};
const url = `${server}/v1/stream/rooms/${session}`;
const room = await DurableStream.create({ url, headers, contentType: 'application/json' });
console.log(`Watch it at ${server}/?session=${session}`);

const live = await stream({ url, headers, offset: '-1', live: 'sse', json: true });
const read = new Promise(done => {
  let seen = 0;
  live.subscribeJson(({ items }) => {
    for (const event of items) console.log(`  ${event.seq} ${event.step}: ${event.message}`);
    if ((seen += items.length) === 5) done();
  });
});

// Whatever it sends twice is there once, after a crash of the server too.
const producer = new IdempotentProducer(room, 'compiler', { epoch: 0, autoClaim: true, maxInFlight: 3 });
for (let n = 1; n <= 5; n++) {
  producer.append(JSON.stringify({
    event_id: `${session}-${n}`, ts: new Date().toISOString(), run_id: 'build-1',
    step: n < 5 ? 'compiled' : 'final_answer', message: `module ${n} of 5`,
  }));
}
await producer.flush();
await read;
live.cancel();
await producer.detach(); // close() would end the stream, which a room refuses
process.exit(0);
