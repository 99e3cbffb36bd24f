"""A shop with an SMPP bind, a Twilio account and a mailbox, and one contact who uses them all."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from playwright.sync_api import Browser, Page

from gateway.testing import Answer, Heard
from plugins.email.tests.dovecot import PASSWORD, Dovecot
from plugins.email.tests.postfix import Postfix
from plugins.sms_twilio.tests.twilio import ACCOUNT, TOKEN, FakeTwilio, signed_form
from plugins.sms_twilio.tests.twilio import DESK as PICTURE_LINE
from tests.e2e.beside import CONTACT, DESK, Beside, Provider
from tests.stories.outside import make_token
from tests.support.gateway import RunningGateway

HELP_DESK = "desk@shop.example"
MAYA_MAIL = "maya@customer.example"
_LAMP = """<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480" viewBox="0 0 48 48">
<path fill="#e9e2d6" d="M0 0h48v48H0z"/><path fill="#c9b79c" d="M0 38h48v10H0z"/>
<path fill="#2f6b57" d="M20 22h8l3 14q0 4-7 4t-7-4z"/><path fill="#f3c969" d="M16 8h16l5 14H11z"/>
<path fill="#d3a63f" d="M31 8h1l5 14h-4q2-4-3-8z"/><path stroke="#1c3f34" fill="none" d="m24 26-2 4 3 2-2 5"/></svg>"""


class Twilio(FakeTwilio):
    """Twilio whose contacts send one and the same picture."""

    def __init__(self, picture: bytes) -> None:
        super().__init__()
        self._picture = picture

    def accepted(self, heard: Heard) -> Answer:
        if heard.path.startswith("/store/"):
            return Answer(200, self._picture, "image/png")
        return super().accepted(heard)


class Channels:
    """The far sides of three gateways, and what the contact does over there."""

    def __init__(self, browser: Browser) -> None:
        self.centre = Provider()
        self._beside = Beside()
        self.twilio = Twilio(draw(browser))
        self._beside.wait(self.twilio.open())
        self.dovecot = Dovecot()
        self.dovecot.start()
        self.postfix = Postfix(self.dovecot.lmtp, "discard:")
        self.postfix.start()
        self._inbound = ""

    def stop(self) -> None:
        """Ends them all."""
        self.postfix.stop()
        self.dovecot.stop()
        self._beside.wait(self.twilio.close())
        self._beside.end()
        self.centre.stop()

    def connect(self, server: RunningGateway, page: Page) -> None:
        """Three gateways, a sender of the business on each, and a contact with a number and an address."""
        headers = {"Authorization": f"Bearer {make_token(server.data)}"}

        def post(path: str, body: dict[str, Any]) -> Any:
            answer = page.context.request.post(f"{server.url}/api/v1{path}", headers=headers, data=body)
            assert answer.ok, answer.text()
            return answer.json()

        def add(plugin: str, name: str, settings: dict[str, Any], **sender: Any) -> Any:
            gateway = post("/gateways", {"plugin": plugin, "name": name, "settings": settings})
            post("/senders", {**sender, "gateway_ids": [gateway["id"]]})
            return gateway

        add("sms_smpp", "Carrier", self.centre.settings, kind="long_code", value=f"+{DESK}", label="Main line")
        account = {"account_sid": ACCOUNT, "auth_token": TOKEN, "api_base": self.twilio.url}
        line = {"kind": "long_code", "value": PICTURE_LINE, "label": "Returns line", "mms_enabled": True}
        self._inbound = add("sms_twilio", "Twilio", account, **line)["urls"]["inbound"]
        add("email", "Mailbox", self._mailbox, kind="email", value=HELP_DESK, label="Help desk")
        post("/contacts", {"name": "Maya Okafor", "addresses": [f"+{CONTACT}", MAYA_MAIL]})
        self.centre.said("bind_transceiver")

    @property
    def _mailbox(self) -> dict[str, Any]:
        return {
            "address": HELP_DESK, "display_name": "The Lamp Shop",
            "smtp_host": "127.0.0.1", "smtp_port": self.postfix.smtp, "smtp_security": "none",
            "imap_host": "127.0.0.1", "imap_port": self.dovecot.imap, "imap_security": "none",
            "imap_password": PASSWORD,
        }  # fmt: skip

    def send_picture(self, body: str) -> None:
        """An MMS with one picture comes to the Twilio number."""
        form = self.twilio.receive(body, files=1)
        assert self._beside.wait(self.twilio.post(signed_form(self._inbound, form))) == [200]

    def report(self, *statuses: str) -> None:
        """Twilio tells what became of the last message it took."""
        sid = self.twilio.messages[-1]["sid"]
        assert set(self._beside.wait(self.twilio.tell(sid, *statuses))) == {200}

    def mail(self, subject: str, body: str, message_id: str, references: str) -> None:
        """The contact writes to the help desk, with a file."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = f"Maya Okafor <{MAYA_MAIL}>", HELP_DESK, subject
        letter["Message-ID"], letter["References"] = message_id, references
        letter.set_content(body)
        letter.add_attachment(b"%PDF-1.4 receipt", maintype="application", subtype="pdf", filename="receipt.pdf")
        self.postfix.submit(letter.as_bytes(), MAYA_MAIL, HELP_DESK)

    def mails(self) -> list[EmailMessage]:
        """What came to the contact's mailbox."""
        return [message_from_bytes(raw, policy=default) for raw in self.dovecot.mails(MAYA_MAIL)]


def draw(browser: Browser) -> bytes:
    """A photograph of a cracked lamp, as far as this shop is concerned: PNG, 480 pixels a side."""
    page = browser.new_page(viewport={"width": 480, "height": 480})
    page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{_LAMP}")
    picture = page.screenshot()
    page.close()
    return picture
