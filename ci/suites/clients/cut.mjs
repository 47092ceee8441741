// Official clients read a run through a proxy that cuts, and once more without it: what they get is the same.
//   AGENT_ROOMS=http://127.0.0.1:8150 node cut.mjs
import { ClientFactory } from '@a2a-js/sdk/client';
import { HttpAgent } from '@ag-ui/client';
import { stream } from '@durable-streams/client';
import { Client as LangGraph } from '@langchain/langgraph-sdk';
import { DefaultChatTransport } from 'ai';
import OpenAI from 'openai';
import { cuttingProxy } from './cutting-proxy.mjs';

const server = process.env.AGENT_ROOMS ?? 'http://127.0.0.1:8150';
const proxy = await cuttingProxy(server);
const question = 'Create a quiz about volcanoes';
const mark = Date.now();
const MOST = 200;

// Some clients report a cut beside what their caller awaits, too.
process.on('unhandledRejection', () => {});
process.on('uncaughtException', error => {
  if (!/terminated|other side closed/.test(String(error))) throw error;
});

/** Tries again what a cut has ended, until it says that it is done. */
async function untilDone(once) {
  for (let i = 0; i < MOST; i++) {
    try {
      if (await once()) return;
    } catch {
      // It was cut.
    }
  }
  throw new Error('it never gets through');
}

const scenarios = {
  async OpenAI() {
    const at = url => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' });
    const conversation = `cut-openai-${mark}`;
    const client = at(proxy.url);
    const seen = [];
    let id;
    await untilDone(async () => {
      const events = id
        ? await client.responses.retrieve(id, { stream: true, starting_after: seen.at(-1).sequence_number })
        : await client.responses.create(
            { conversation, input: question, stream: true, background: true },
            { headers: { 'Idempotency-Key': conversation } },
          );
      for await (const event of events) {
        seen.push(event);
        id ??= event.response?.id;
      }
      return seen.at(-1)?.type === 'response.completed';
    });
    const whole = [];
    for await (const event of await at(server).responses.retrieve(id, { stream: true })) whole.push(event);
    return [seen, whole];
  },

  // Its client comes back by itself.
  async LangGraph() {
    const at = url => new LangGraph({ apiUrl: `${url}/langgraph`, apiKey: null });
    const options = { streamMode: ['custom', 'values', 'messages-tuple'] };
    const { thread_id: thread } = await at(server).threads.create();
    const { run_id: run } = await at(server).runs.create(thread, 'agent-rooms', { input: { question } });
    const seen = [];
    for await (const part of at(proxy.url).runs.joinStream(thread, run, options)) seen.push(part);
    const whole = [];
    for await (const part of at(server).runs.joinStream(thread, run, options)) whole.push(part);
    return [seen, whole];
  },

  // Whoever asks again sees the run from its start.
  async 'AG-UI'() {
    const read = async url => {
      const agent = new HttpAgent({ url: `${url}/ag-ui`, threadId: `cut-agui-${mark}` });
      agent.messages = [{ id: 'u1', role: 'user', content: question }];
      const events = [];
      await agent.runAgent({ runId: `cut-run-${mark}` }, { onEvent: ({ event }) => void events.push(event) });
      return events;
    };
    let seen = [];
    await untilDone(async () => (seen = await read(proxy.url)).at(-1)?.type === 'RUN_FINISHED');
    return [seen, await read(server)];
  },

  async 'AI SDK'() {
    const messages = [{ id: `m-${mark}`, role: 'user', parts: [{ type: 'text', text: question }] }];
    const read = async url => {
      const transport = new DefaultChatTransport({ api: `${url}/ai/chat` });
      const chatId = `cut-chat-${mark}`;
      const chunks = [];
      for await (const chunk of await transport.sendMessages({ chatId, messages, trigger: 'submit-message' })) {
        chunks.push(chunk);
      }
      return chunks;
    };
    let seen = [];
    await untilDone(async () => (seen = await read(proxy.url)).at(-1)?.type === 'finish');
    return [seen, await read(server)];
  },

  async A2A() {
    const contextId = `cut-a2a-${mark}`;
    const client = await new ClientFactory().createFromUrl(proxy.url);
    const part = { content: { $case: 'text', value: question } };
    const message = { messageId: contextId, contextId, role: 1, parts: [part] };
    const seen = [];
    let task;
    let position = '0';
    await untilDone(async () => {
      const serviceParameters = { 'Last-Event-ID': position };
      const updates = task
        ? client.resubscribeTask({ id: task }, { serviceParameters })
        : client.sendMessageStream({ message });
      for await (const { payload } of updates) {
        if (payload.$case === 'task') task ??= payload.value.id;
        if (payload.$case !== 'statusUpdate') continue;
        const ours = payload.value.metadata.agentRooms;
        seen.push(ours.eventId);
        position = ours.cursor;
        if (ours.step === 'final_answer') return true;
      }
      return false;
    });
    const run = task.slice(task.indexOf('~') + 1);
    const told = await (await fetch(`${server}/api/agent/sessions/${contextId}/runs/${run}/events`)).json();
    return [seen, told.events.map(event => event.event_id)];
  },

  // Goes on behind the last batch that came whole; what a cut has cut is sent again.
  async 'Durable Streams'() {
    const session = `cut-streams-${mark}`;
    const path = `/v1/stream/rooms/${session}`;
    await fetch(server + path, { method: 'PUT' });
    // The client reads what is there first, and only what comes later as a stream that can be cut.
    const asked = proxy.streams().then(async () => {
      const answer = await fetch(`${server}/api/agent/run`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ session_id: session, question }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    });
    const seen = [];
    let offset = '-1';
    await untilDone(async () => {
      const live = await stream({ url: proxy.url + path, offset, live: 'sse', json: true });
      const end = new Promise(done => {
        live.subscribeJson(({ items, offset: next }) => {
          seen.push(...items);
          offset = next;
          if (items.some(event => event.step === 'final_answer')) done(true);
        });
        live.closed.then(() => done(false), () => done(false));
      });
      await asked;
      const isDone = await end;
      live.cancel();
      return isDone;
    });
    const whole = await (await stream({ url: server + path, offset: '-1', live: false, json: true })).json();
    return [seen, whole];
  },
};

let failed = false;
for (const [name, scenario] of Object.entries(scenarios)) {
  const before = proxy.cuts();
  const [seen, whole] = await scenario();
  const isSame = JSON.stringify(seen) === JSON.stringify(whole) && whole.length > 0;
  failed ||= !isSame || proxy.cuts() === before;
  console.log(`${name}: ${seen.length} of ${whole.length}, cut ${proxy.cuts() - before} times${isSame ? '' : ': NOT the same'}`);
}
process.exit(failed ? 1 : 0);
