// An MCP server made with the official SDK: "node server.mjs" speaks over its standard input and
// output, "node server.mjs 9200" over Streamable HTTP. What begins to wait is written to begun.txt, and what is
// cancelled to cancelled.txt.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

function create() {
  const server = new McpServer({ name: "contacts", version: "1.0.0" });
  server.registerTool(
    "find_contact",
    { description: "Finds a contact", inputSchema: { email: z.string() }, outputSchema: { name: z.string() }, annotations: { readOnlyHint: true } },
    async ({ email }) => ({ content: [], structuredContent: { name: email.split("@")[0] } }),
  );
  server.registerTool("write", { inputSchema: { text: z.string() } }, async ({ text }) => ({ content: [{ type: "text", text: `wrote ${text}` }] }));
  server.registerTool("wait", { inputSchema: {}, annotations: { readOnlyHint: true } }, async (_, extra) => {
    appendFileSync("begun.txt", "begun\n");
    await new Promise((done) => extra.signal.addEventListener("abort", done));
    appendFileSync("cancelled.txt", "cancelled\n");
    return { content: [] };
  });
  return server;
}

if (process.argv[2]) {
  const transports = {};
  createServer(async (request, response) => {
    let transport = transports[request.headers["mcp-session-id"]];
    if (!transport) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => { transports[id] = transport; },
      });
      await create().connect(transport);
    }
    await transport.handleRequest(request, response);
  }).listen(Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));
} else {
  await create().connect(new StdioServerTransport());
}
