// Asks in a thread, comes back to the same run, and cancels another. Start the server with `./dev up --mocks`, whose search
// is slow where it is told so; then: npm install && npm start
import { HttpAgent } from '@ag-ui/client';

const server = process.env.AGENT_ROOMS ?? 'http://127.0.0.1:8150';
const token = process.env.ROOM_TOKEN;
const headers = token ? { Authorization: `Bearer ${token}` } : {};
const threadId = process.env.SESSION ?? `ag-ui-${Date.now()}`;
const runId = `run-${Date.now()}`;

function agent(question) {
  const made = new HttpAgent({ url: `${server}/ag-ui`, threadId, headers });
  made.messages = question ? [{ id: 'q', role: 'user', content: question }] : [];
  return made;
}

const printing = {
  onCustomEvent: ({ event }) => console.log(`  ${event.value.seq} ${event.value.step}: ${event.value.message}`),
  onTextMessageContentEvent: ({ event }) => process.stdout.write(event.delta),
  onTextMessageEndEvent: () => console.log(),
  onRunFinishedEvent: ({ outcome }) => console.log(`  finished: ${outcome}`),
};

console.log(`Watch it at ${server}/?session=${threadId}`);
await agent('Create a quiz about photosynthesis').runAgent({ runId }, printing);

console.log('The same run once more, as after a cut:');
const again = agent();
await again.runAgent({ runId });
console.log(`  ${again.messages.length} messages, nothing started`);

console.log('One that is cancelled:');
await agent('What is osmosis? [rag:slow]').runAgent({ runId: `${runId}-b` }, {
  ...printing,
  onToolCallStartEvent: () => {
    fetch(`${server}/api/agent/cancel`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ session_id: threadId }),
    });
  },
});
