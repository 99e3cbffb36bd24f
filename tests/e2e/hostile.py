"""A business in which every field holds what an attacker would put there."""

import json
import smtplib
import time
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.support.ports import find_free_port

# Markup that runs or leaves its attribute, template languages, formats, a turned text, and no place to break a line.
NASTY = (
    "\"'><img src=x onerror=window.owned=1><script>window.owned=2</script><b onmouseover=window.owned=3>"
    "{{7*7}}${7*7}%(name)s \u202edesrever\u202c"
)
LONG = "x" * 60
NO_LETTER = b"From: <b>\r\nSubject: =?x?q?\xff?=\r\n\r\n\x00\xff<i>"


def nasty(what: str) -> str:
    """A hostile text that says which field it was for, and makes names different."""
    return f"{what} {NASTY}{LONG}"[:195]


def letter(to: str) -> EmailMessage:
    """A mail that would run in four ways, and calls home in two."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f'"{nasty("Mallory")[:80].replace(chr(34), "")}" <mallory@evil.example>', to
    mail["Subject"], mail["Message-ID"] = nasty("Subject"), "<nasty@evil.example>"
    mail.set_content(f"{nasty('Mail')}\n\nOn Friday, <b>Ana</b> wrote:\n> {NASTY}")
    mail.add_alternative(
        f"<html><body onload=window.owned=5><script>window.owned=6</script><p>{NASTY}</p>"
        "<style>@import url(https://evil.example/a.css);body{background:url(https://evil.example/b.png)}</style>"
        "<a href='javascript:window.owned=7'>Press</a><iframe srcdoc='<script>parent.owned=8</script>'></iframe>"
        "<form action='https://evil.example/'><input name=q></form><img src=https://evil.example/c.png>"
        f"<table width=4000><tr><td>{LONG * 20}</td></tr></table></body></html>",
        subtype="html",
    )
    mail.add_attachment(b"<script>window.owned=9</script>", maintype="text", subtype="html", filename=f"{NASTY}.html")
    mail.add_attachment(b"<svg onload='window.owned=10'/>", maintype="image", subtype="svg+xml", filename="../../x.svg")
    return mail


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
        self._write()
        rule = {"when": "message_received", "if": [{"field": "message.body", "op": "is_not", "value": nasty("Value")}]}
        then = [{"type": "add_tag", "tag": nasty("Ruled")[:100]}, {"type": "notify", "target": "nobody", "body": "x"}]
        self.post("/automations", {"name": nasty("Rule"), **rule, "then": then, "enabled": True})
        self._ask(sender["value"])
        self._talk(sender["value"], gateway["token"])

    def _ask(self, ours: str) -> None:
        """A keyword, a form and a poll, nasty in every field that takes it."""
        plain = nasty("Word").replace("{{7*7}}", "")
        choices = [{"label": nasty(f"{one}")[:90], "words": [f"{one} <b>"]} for one in ("Red", "Blue")]
        questions = [{"text": plain, "type": "choice", "choices": choices, "wrong": plain}]
        form = self.post("/forms", {"name": nasty("Form"), "questions": questions, "thanks": plain, "left": plain})
        poll = self.post("/polls", {"name": nasty("Poll"), "question": plain, "choices": choices})
        word = {"words": [f"{NASTY[:30]} {one}" for one in "ab"], "answer": plain}
        self.post("/keywords", {**word, "start_form": form["id"]})
        self.post("/keywords", {"words": ["<i>vote"], "vote": {"poll": poll["id"], "choice": "1"}})
        self.post(f"/forms/{form['id']}/start", {"to": "+14155558991", "from": ours})

    def _write(self) -> None:
        """A mailbox, and two letters to it: one nasty in every header, name and part, one that is none at all."""
        port, desk = find_free_port(), "desk@shop.example"
        mailbox = {"address": desk, "display_name": nasty("Shop")[:90], "listen_port": port}
        far = {"smtp_host": "127.0.0.1", "smtp_port": find_free_port(), "smtp_security": "none"}
        gateway = self.post("/gateways", {"plugin": "email", "name": nasty("Mail"), "settings": mailbox | far})
        self.post("/senders", {"kind": "email", "value": desk, "label": "Help desk", "gateway_ids": [gateway["id"]]})
        while True:  # the test's own limit ends this, if nothing ever listens
            try:
                with smtplib.SMTP("127.0.0.1", port, timeout=20) as smtp:
                    smtp.sendmail("mallory@evil.example", [desk], letter(desk).as_bytes())
                    smtp.sendmail(
                        "mallory@evil.example", [desk], b"From: <b>\r\nSubject: =?x?q?\xff?=\r\n\r\n\x00\xff<i>"
                    )
                return
            except ConnectionRefusedError:
                time.sleep(0.1)

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
