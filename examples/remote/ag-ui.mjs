// An agent that speaks AG-UI, made with the official types and encoder. Beside this file:
//   npm install @ag-ui/core @ag-ui/encoder && node ag-ui.mjs 9101
import { createServer } from "node:http";
import { EventType } from "@ag-ui/core";
import { EventEncoder } from "@ag-ui/encoder";

const encoder = new EventEncoder();
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function* work(input) {
  const { threadId, runId, messages, resume } = input;
  const question = messages.at(-1).content;
  yield { type: EventType.RUN_STARTED, threadId, runId };
  yield { type: EventType.STEP_STARTED, stepName: "look up" };
  yield { type: EventType.TOOL_CALL_START, toolCallId: "c1", toolCallName: "search" };
  yield { type: EventType.TOOL_CALL_ARGS, toolCallId: "c1", delta: JSON.stringify({ query: question }) };
  yield { type: EventType.TOOL_CALL_END, toolCallId: "c1" };
  yield { type: EventType.TOOL_CALL_RESULT, messageId: "m0", toolCallId: "c1", content: '{"found":3}' };
  yield { type: EventType.STEP_FINISHED, stepName: "look up" };
  if (question.includes("fail")) {
    yield { type: EventType.RUN_ERROR, message: "It does not want to" };
    return;
  }
  if (question.includes("send") && !resume) {
    const interrupts = [{ id: "send", reason: "approval", message: "Send it?" }];
    yield { type: EventType.RUN_FINISHED, threadId, runId, outcome: { type: "interrupt", interrupts } };
    return;
  }
  yield { type: EventType.TEXT_MESSAGE_START, messageId: "m1", role: "assistant" };
  for (const delta of ["You ", "asked: ", question]) {
    yield { type: EventType.TEXT_MESSAGE_CONTENT, messageId: "m1", delta };
    await pause(10);
  }
  yield { type: EventType.TEXT_MESSAGE_END, messageId: "m1" };
  const result = { found: 3, resumed: resume?.[0]?.status ?? null };
  yield { type: EventType.RUN_FINISHED, threadId, runId, outcome: { type: "success" }, result };
}

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  response.writeHead(200, { "Content-Type": encoder.getContentType() });
  for await (const event of work(JSON.parse(body))) response.write(encoder.encode(event));
  response.end();
}).listen(Number(process.argv[2]), "127.0.0.1", function () {
  console.log("listening on", this.address().port);
});
