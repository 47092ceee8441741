#!/usr/bin/env python3
"""An agent that stays where it is, in one file and without a library: python3 agent.py 9100

It speaks the plain protocol of docs/remote-agents.md, one JSON object a line."""
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def work(run):
    """Yields what happens; the last line is the result."""
    yield {"step": "reading", "message": "Reads the question", "meta": {"words": len(run["question"].split())}}
    if "send" in run["question"] and "resume" not in run:
        yield {"input": {"input_id": "send", "kind": "ask", "prompt": "Send it?", "value": "Dear Ann", "editable": True}}
        return
    if run.get("resume", {}).get("decision") == "reject":
        yield {"error": {"message": "Nobody wanted it"}}
        return
    for word in ("You ", "asked: ", run["question"]):
        yield {"delta": word}
        time.sleep(0.01)
    yield {"result": {"asked": run["question"], "sent": run.get("resume", {}).get("value")}}


class Agent(BaseHTTPRequestHandler):
    def do_POST(self):
        run = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.end_headers()
        for line in work(run):
            self.wfile.write(json.dumps(line).encode() + b"\n")


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Agent)
    print("listening on", server.server_port, flush=True)
    server.serve_forever()
