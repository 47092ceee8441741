// Asks with progress, looks the run up again, and cancels another. Start the server with `./dev up --mocks`, whose search
// is slow where it is told so; then: npm install && npm start
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const server = process.env.AGENT_ROOMS ?? 'http://127.0.0.1:8150';
const token = process.env.ROOM_TOKEN;
const session_id = process.env.SESSION ?? `mcp-${Date.now()}`;

const client = new Client({ name: 'agent-rooms-example', version: '1.0.0' });
const requestInit = token ? { headers: { Authorization: `Bearer ${token}` } } : {};
await client.connect(new StreamableHTTPClientTransport(new URL(`${server}/mcp`), { requestInit }));

const call = (name, given, options) => client.callTool({ name, arguments: { session_id, ...given } }, undefined, options);

console.log(`Watch it at ${server}/?session=${session_id}`);
const asked = await call('ask', { question: 'What is osmosis?' }, {
  onprogress: ({ progress, message }) => console.log(`  ${progress} ${message}`),
});
console.log(asked.content[0].text);

const { run_id } = asked.structuredContent;
const again = await call('get_run', { run_id });
console.log(`Looked up again: ${again.structuredContent.status}`);

const started = await call('ask', { question: 'What is light? [rag:slow]', wait_seconds: 0 });
console.log(started.content[0].text);
const cancelled = await call('cancel', { run_id: started.structuredContent.run_id });
console.log(cancelled.content[0].text);
await client.close();
