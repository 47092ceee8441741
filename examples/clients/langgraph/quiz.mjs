// Asks for a quiz with LangGraph's own client, watches it, cancels the next one, and reads what
// is left. Start the server with `./dev up --mocks`, then: npm install && npm start
import { Client } from '@langchain/langgraph-sdk';

const apiUrl = `${process.env.AGENT_ROOMS ?? 'http://127.0.0.1:8150'}/langgraph`;
const client = new Client({ apiUrl, apiKey: process.env.ROOM_TOKEN ?? null });

const check = (isSo, what) => {
  if (!isSo) throw new Error(`not so: ${what}`);
  console.log(`ok  ${what}`);
};

// A thread is a session of Agent Rooms: the page shows it at /?session=ID while this runs.
const { thread_id: thread } = await client.threads.create();
console.log(`thread ${thread}`);

// Every step of the run is a `custom` event; `values` are the messages before and after it.
const input = { messages: [{ role: 'user', content: 'Create a quiz about volcanoes' }] };
const seen = [];
let run;
const stream = client.runs.stream(thread, 'agent-rooms', {
  input,
  streamMode: ['custom', 'values', 'messages-tuple'],
  onRunCreated: (created) => (run = created.run_id),
});
for await (const part of stream) {
  seen.push(part);
  if (part.event === 'custom') console.log(`    ${part.data.step}: ${part.data.message}`);
}
const answer = seen.findLast((part) => part.event === 'values').data.messages.at(-1);
check(answer.type === 'ai' && answer.id === `m-${run}-a`, 'the quiz is the last message');

// Whoever lost the connection goes on behind the last event that they have, at any later time.
const rest = [];
const cursor = seen[4].id;
for await (const part of client.runs.joinStream(thread, run, {
  lastEventId: cursor,
  streamMode: ['custom', 'values', 'messages-tuple'],
})) {
  rest.push(part);
}
check(JSON.stringify(rest) === JSON.stringify(seen.slice(5)), `resumed behind ${cursor}`);

// A cancel answers when the tool has stopped.
const slow = { question: 'Create a quiz about volcanoes [exam:slow]' };
const { run_id: second } = await client.runs.create(thread, 'agent-rooms', { input: slow });
await client.runs.cancel(thread, second, true);
check((await client.runs.get(thread, second)).status === 'interrupted', 'cancelled');

// The thread stream stays open over runs.
const watching = client.threads.stream(thread, { assistantId: 'agent-rooms' });
await watching.run.start({ input: { question: 'What is a volcano?' } });
const steps = [];
for await (const event of await watching.subscribe({ channels: ['custom', 'lifecycle'] })) {
  steps.push(event.method === 'custom' ? event.params.data.payload.step : event.params.data.event);
}
await watching.close();
check(steps.includes('final_answer') && steps.at(-1) === 'completed', steps.join(' '));

const state = await client.threads.getState(thread);
check(state.values.messages.length === 5, 'the thread has three questions and two answers');
await client.threads.delete(thread);
