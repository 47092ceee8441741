// The official OpenAI client on a running Agent Rooms: a streamed answer, a stream that is cut and
// resumed, and a cancel that stops the tool.
//
//   ./dev up --mocks          in the repository's root
//   npm install && npm start  here; AGENT_ROOMS=http://127.0.0.1:8150 is the default
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const server = process.env.AGENT_ROOMS ?? 'http://127.0.0.1:8150';
const client = new OpenAI({ baseURL: `${server}/v1`, apiKey: process.env.ROOM_TOKEN ?? 'none' });
const conversation = process.env.CONVERSATION ?? `openai-${Date.now()}`;

// The strict helper puts the answer together and checks every event.
const stream = client.responses.stream({ conversation, input: 'Create a quiz about photosynthesis' });
for await (const event of stream) {
  // Every event carries the native one: what watchers of the same room see.
  console.log(String(event.sequence_number).padStart(3), event.type, event.agent_rooms?.message ?? '');
}
const quiz = await stream.finalResponse();
assert.equal(quiz.status, 'completed');
console.log(quiz.output_text);

// The same events once more from number 5 on, as after a lost connection; of an ended run, too.
const rest = [];
for await (const event of await client.responses.retrieve(quiz.id, { stream: true, starting_after: 4 })) {
  rest.push(event.sequence_number);
}
assert.equal(rest[0], 5);
assert.deepEqual(rest, rest.map((_, i) => i + 5));

// A run that hangs in its tool. It goes on by itself; the cancel reaches the tool.
const slow = await client.responses.create({
  conversation,
  input: 'What do the notes say? [rag:slow]',
  background: true,
});
await assert.rejects(client.responses.create({ conversation, input: 'And now?' }), { status: 409 });
const cancelled = await client.responses.cancel(slow.id);
assert.equal(cancelled.status, 'cancelled');

// A retried start is one run.
const key = { headers: { 'Idempotency-Key': `key-${conversation}` } };
const once = { conversation, input: 'What is osmosis?', background: true };
const first = await client.responses.create(once, key);
const again = await client.responses.create(once, key);
assert.equal(first.id, again.id);

for await (const item of client.conversations.items.list(conversation, { order: 'asc' })) {
  console.log(item.type, item.id);
}
console.log(`watch it: ${server}/?session=${conversation}`);
