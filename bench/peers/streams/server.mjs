// The reference server of Durable Streams over files: node server.mjs PORT FOLDER
import { DurableStreamTestServer } from '@durable-streams/server';

const [port, dataDir] = process.argv.slice(2);
await new DurableStreamTestServer({ port: Number(port), host: '127.0.0.1', dataDir, compression: false }).start();
// Whoever waits for it to be up asks for this path.
await fetch(`http://127.0.0.1:${port}/health`, { method: 'PUT' });
