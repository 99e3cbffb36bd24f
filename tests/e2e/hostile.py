"""A business in which every field holds what an attacker would put there."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

# Markup that runs or leaves its attribute, template languages, formats, a turned text, and no place to break a line.
NASTY = (
    "\"'><img src=x onerror=window.owned=1><script>window.owned=2</script><b onmouseover=window.owned=3>"
    "{{7*7}}${7*7}%(name)s \u202edesrever\u202c"
)
LONG = "x" * 60


def nasty(what: str) -> str:
    """A hostile text that says which field it was for, and makes names different."""
    return f"{what} {NASTY}{LONG}"[:195]


@dataclass(frozen=True, slots=True)
class Attacker:
    """Fills a running server through its API."""

    url: str
    token: str

    def post(self, path: str, body: Any, method: str = "POST") -> Any:
        """One call that must work."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = Request(f"{self.url}/api/v1{path}", json.dumps(body).encode(), headers, method=method)
        try:
            with urlopen(request, timeout=20) as answer:
                content = answer.read()
        except HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.read().decode()}") from None
        return json.loads(content) if content else None

    def get(self, path: str) -> Any:
        """One read."""
        request = Request(f"{self.url}/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"})
        with urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def upload(self) -> str:
        """A picture with a name that is markup."""
        name = NASTY.replace('"', "%22").replace("\u202e", "").replace("\u202c", "")
        picture = bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
            "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
        )
        disposition = f'form-data; name="file"; filename="{name}.png"'
        head = f"--b\r\nContent-Disposition: {disposition}\r\nContent-Type: image/png\r\n\r\n"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "multipart/form-data; boundary=b"}
        body = head.encode() + picture + b"\r\n--b--\r\n"
        with urlopen(Request(f"{self.url}/api/v1/media", body, headers), timeout=20) as answer:
            return str(json.load(answer)["id"])

    def fill(self) -> None:
        """People, words, numbers, contacts and conversations, all of them nasty."""
        me = self.get("/users?limit=1")["items"][0]
        self.post(f"/users/{me['id']}", {"name": nasty("Ana")}, "PATCH")
        self.post("/groups", {"name": nasty("Group"), "user_ids": [me["id"]]})
        self.post("/tokens", {"name": nasty("Token"), "role": "agent"})
        for path in ("/templates", "/quick-replies", "/quick-notes"):
            for shared in (True, False):
                body = f"{NASTY.replace('{{7*7}}', '')} {shared}"
                self.post(path, {"name": nasty(f"{path} {shared}"), "body": body, "shared": shared})
        gateway = self.get("/gateways")["items"][0]
        self.post(f"/gateways/{gateway['id']}", {"name": nasty("Gateway")}, "PATCH")
        sender = self.get("/senders")["items"][0]
        words = {"label": nasty("Sender")[:100], "append_text": "<script>window.owned=4</script>"}
        self.post(f"/senders/{sender['id']}", words, "PATCH")
        self.post("/pools", {"name": nasty("Pool").replace("(", "").replace(")", ""), "sender_ids": [sender["id"]]})
        self.post("/workspace", {"name": nasty("Workspace")}, "PATCH")
        self._talk(sender["value"], gateway["token"])

    def _talk(self, to: str, token: str) -> None:
        for place in range(3):
            said = {"from": f"+1415555080{place}", "to": to, "body": nasty(f"Body {place}"), "id": f"n{place}"}
            request = Request(f"{self.url}/c/{token}/inbound", json.dumps(said).encode())
            request.add_header("Content-Type", "application/json")
            urlopen(request, timeout=20).close()
        for place, one in enumerate(self.get("/conversations?view=all")["items"]):
            contact = {"name": nasty(f"Contact {place}"), "fields": {nasty("Field")[:60]: nasty("Value")}}
            self.post(f"/contacts/{one['contact']['id']}", contact, "PATCH")
            self.post(f"/threads/{one['thread_id']}/notes", {"body": nasty("Note")})
            self.post(f"/conversations/{one['id']}/tags", {"add": [nasty(f"Tag {place}")[:100]]})
            answer = {"thread_id": one["thread_id"], "body": nasty("Answer")}
            self.post("/messages", answer | ({"media": [self.upload()]} if place == 0 else {}))
            if place == 2:
                self.post(f"/conversations/{one['id']}/close", {})
