// The transport of the AI SDK's useChat on a running Agent Rooms: an answer, the same chat resumed
// by another page, and a cancel that everybody sees.
//
//   ./dev up --mocks          in the repository's root
//   npm install && npm start  here; AGENT_ROOMS=http://127.0.0.1:8150 is the default
import assert from 'node:assert/strict';
import { DefaultChatTransport, readUIMessageStream } from 'ai';

const server = process.env.AGENT_ROOMS ?? 'http://127.0.0.1:8150';
const headers = process.env.ROOM_TOKEN ? { Authorization: `Bearer ${process.env.ROOM_TOKEN}` } : {};
// In a page: useChat({ id, resume: true, transport: new DefaultChatTransport({ api, headers }) })
const transport = new DefaultChatTransport({ api: `${server}/ai/chat`, headers });
const chatId = process.env.CHAT ?? `chat-${Date.now()}`;

const asks = (text) => ({ id: `u-${text}`, role: 'user', parts: [{ type: 'text', text }] });
const sends = (...messages) =>
  transport.sendMessages({ chatId, messages, trigger: 'submit-message', messageId: undefined });

async function last(stream, onMessage = () => {}) {
  let message;
  for await (message of readUIMessageStream({ stream })) onMessage(message);
  return message;
}
const kinds = (message) => message.parts.map((part) => part.type);

const quiz = await last(await sends(asks('Create a quiz about photosynthesis')), (message) => {
  const steps = message.parts.filter((part) => part.type === 'data-progress');
  console.log(steps.at(-1)?.data.message ?? '');
});
console.log(quiz.parts.find((part) => part.type === 'text').text);
assert.equal(quiz.id, `m-${quiz.metadata.run_id}-a`);
assert.equal(await transport.reconnectToStream({ chatId }), null); // nothing is under way

// The user's message has an id, so that sending it again is the same run, read from its start.
const again = await last(await sends(asks('Create a quiz about photosynthesis')));
assert.deepEqual(kinds(again), kinds(quiz));

// One that hangs in its tool. Another page comes in, and sees it from the first chunk.
const slow = last(await sends(asks('What do the notes say? [rag:slow]')));
const other = last(await transport.reconnectToStream({ chatId }));
const cancel = await fetch(`${server}/api/agent/cancel?wait=10`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify({ session_id: chatId }),
});
assert.equal((await cancel.json()).status, 'cancelled');
for (const message of [await slow, await other]) {
  assert.equal(message.parts.at(-1).data?.step ?? 'cancelled', 'cancelled');
}
console.log(`watch it: ${server}/?session=${chatId}`);
