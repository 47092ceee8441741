// A proxy on this machine that cuts event streams wherever it likes, mostly in the middle of an event. Each further try of
// the same request gets farther, so that every event comes through in the end.
import http from 'node:http';

export async function cuttingProxy(server) {
  const { hostname, port } = new URL(server);
  const tries = new Map();
  let cuts = 0;
  let streaming = () => {};
  const proxy = http.createServer((request, response) => {
    // What is compressed may be too short to be cut.
    const { 'accept-encoding': _, ...headers } = request.headers;
    const { url: path, method } = request;
    const above = http.request({ hostname, port, path, method, headers }, answer => {
      response.writeHead(answer.statusCode, answer.headers);
      if (!answer.headers['content-type']?.startsWith('text/event-stream')) return answer.pipe(response);
      streaming();
      const before = tries.get(path) ?? 0;
      tries.set(path, before + 1);
      let left = Math.floor((500 + Math.random() * 900) * 1.4 ** before);
      answer.on('data', bytes => {
        if (bytes.length < left) {
          left -= bytes.length;
          response.write(bytes);
        } else if (left > 0) {
          cuts++;
          response.write(bytes.subarray(0, left), () => response.destroy());
          left = 0;
        }
      });
      answer.on('end', () => left > 0 && response.end());
      answer.on('error', () => response.destroy());
    });
    above.on('error', () => response.destroy());
    response.on('close', () => above.destroy());
    request.pipe(above);
  });
  await new Promise(done => proxy.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    cuts: () => cuts,
    /** Until the next event stream begins. */
    streams: () => new Promise(done => (streaming = done)),
  };
}
