"""The naive room: a dictionary of sockets, and a loop over them for each event."""

from collections import defaultdict

from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect

app = FastAPI()
rooms = defaultdict(set)


@app.get("/health")
async def health():
    return {"status": "UP"}


@app.post("/api/agent/progress")
async def progress(request: Request):
    event = await request.json()
    sockets = rooms[event["session_id"]]
    for socket in list(sockets):
        try:
            await socket.send_json(event)
        except Exception:
            sockets.discard(socket)
    return {"ok": True}


@app.websocket("/ws/{room}")
async def watch(socket: WebSocket, room: str):
    await socket.accept()
    rooms[room].add(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        rooms[room].discard(socket)
