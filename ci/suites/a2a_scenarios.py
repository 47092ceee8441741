"""A plugin of pytest between A2A's kit and a server with the workflows of a2a.conf.

The kit tells the agent by a message's id what to do, and gives many messages the same id. Here the
workflow is named in a message's metadata, and the same id is the same message: so each message gets
an id of its own, and those of the scenarios that there are get their workflow.
"""

import itertools

import httpx

WORKFLOWS = {"tck-input-required": "tck_input_required"}

_count = itertools.count()
_build_request = httpx.Client.build_request


def _told(body):
    call = body.get("params", body)
    message = call.get("message") if isinstance(call, dict) else None
    if not isinstance(message, dict) or not message.get("messageId"):
        return body
    name = message["messageId"]
    own = {**message, "messageId": f"{name}-{next(_count)}"}
    for prefix, workflow in WORKFLOWS.items():
        if name.startswith(prefix) and "taskId" not in message:
            own["metadata"] = {**message.get("metadata", {}), "workflow": workflow}
    whole = {**call, "message": own}
    return whole if call is body else {**body, "params": whole}


def _with_scenario(self, method, url, *, json=None, **more):
    return _build_request(self, method, url, json=_told(json) if isinstance(json, dict) else json, **more)


def pytest_configure(config):
    httpx.Client.build_request = _with_scenario
