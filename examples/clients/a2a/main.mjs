// Streams a task, goes on after a cut, and cancels another. Start the server with `./dev up --mocks`, whose search is slow
// where it is told so; then: npm install && npm start
import { randomUUID } from 'node:crypto';
import { ClientFactory } from '@a2a-js/sdk/client';

const server = process.env.AGENT_ROOMS ?? 'http://127.0.0.1:8150';
const token = process.env.ROOM_TOKEN;
const contextId = process.env.SESSION ?? `a2a-${Date.now()}`;
const parameters = token ? { Authorization: `Bearer ${token}` } : {};
const client = await new ClientFactory().createFromUrl(server);

function request(text) {
  const part = { content: { $case: 'text', value: text }, metadata: undefined, filename: '', mediaType: 'text/plain' };
  return {
    tenant: '',
    message: {
      messageId: randomUUID(), contextId, taskId: '', role: 1, parts: [part],
      metadata: undefined, extensions: [], referenceTaskIds: [],
    },
    configuration: undefined,
    metadata: undefined,
  };
}

const placeOf = (event) => event.payload.value.metadata?.agentRooms;

console.log(`Watch it at ${server}/?session=${contextId}`);
let taskId;
let cursor = '0';
for await (const event of client.sendMessageStream(request('Create a quiz about light'), { serviceParameters: parameters })) {
  taskId ??= event.payload.value.id;
  const place = placeOf(event);
  if (place?.step) console.log(`  ${place.seq} ${place.step}`);
  if (place?.cursor) cursor = place.cursor;
  if (place?.step === 'start_generate_exam') break; // as if the connection were cut
}

console.log(`Going on after ${cursor}:`);
const resume = { serviceParameters: { ...parameters, 'Last-Event-ID': cursor } };
for await (const event of client.resubscribeTask({ tenant: '', id: taskId }, resume)) {
  const place = placeOf(event);
  if (place?.step) console.log(`  ${place.seq} ${place.step}`);
}
const task = await client.getTask({ tenant: '', id: taskId, historyLength: undefined }, { serviceParameters: parameters });
console.log(task.artifacts[0].parts[0].content.value);

console.log('One that is cancelled:');
for await (const event of client.sendMessageStream(request('What is light? [rag:slow]'), { serviceParameters: parameters })) {
  const place = placeOf(event);
  if (place?.step) console.log(`  ${place.seq} ${place.step}`);
  if (place?.step === 'start_retrieval') {
    client.cancelTask({ tenant: '', id: event.payload.value.taskId, metadata: undefined }, { serviceParameters: parameters });
  }
}
