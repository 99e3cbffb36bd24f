"""One mail over one connection: MAIL, RCPT, DATA; and what it means when it breaks off in between."""

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPResponseException

from gateway.sdk import SendError, SendErrorKind
from gateway_email.connections import Trouble
from gateway_email.outgoing import Mail
from gateway_email.refusals import connection_error, refusal

DATA_S = 30.0


class ConnectionStale(Exception):
    """The connection was gone before the mail was begun: nothing left, another connection may try."""


async def submit(client: SMTP, mail: Mail, *, attempt: str, reports: bool) -> str:
    """What the server said when it took the mail. Raises SendError, or ConnectionStale before anything was said.

    `reports` asks the servers on the way to tell what becomes of it (RFC 3461), where they know how.
    """
    if mail.utf8 and not client.supports_extension("smtputf8"):
        sentence = "The mail server knows no addresses with letters beyond a to z before the @."
        raise SendError(SendErrorKind.REJECTED, sentence, provider_code="553 5.6.7")
    tells = reports and client.supports_extension("dsn")
    encoding = "utf-8" if mail.utf8 else "ascii"
    try:
        await client.mail(mail.sender, options=_mail_options(client, mail, attempt, tells=tells), encoding=encoding)
    except SMTPResponseException as error:
        raise await _over(client, refusal(error)) from error
    except Trouble as error:
        client.close()
        raise ConnectionStale(str(error)) from error
    try:
        notify = ["NOTIFY=SUCCESS,FAILURE,DELAY"] if tells else []
        await client.rcpt(mail.recipient, options=notify, encoding=encoding)
    except SMTPResponseException as error:
        raise await _over(client, refusal(error)) from error
    except Trouble as error:
        client.close()
        raise connection_error(client.hostname or "The mail server", error) from error
    return await _data(client, mail)


async def _data(client: SMTP, mail: Mail) -> str:
    """Once the mail is on its way, silence means nothing: the server may have it."""
    try:
        answer = await client.data(mail.octets, timeout=DATA_S)
    except SMTPResponseException as error:
        raise await _over(client, refusal(error)) from error
    except Trouble as error:
        client.close()
        sentence = "The mail server did not say whether it took the mail."
        raise SendError(SendErrorKind.UNCERTAIN, sentence) from error
    return answer.message


def _mail_options(client: SMTP, mail: Mail, attempt: str, *, tells: bool) -> list[str]:
    options = [f"SIZE={len(mail.octets)}"] if client.supports_extension("size") else []
    if mail.utf8:
        options.append("SMTPUTF8")
    if client.supports_extension("8bitmime") and not mail.octets.isascii():
        options.append("BODY=8BITMIME")
    if tells:
        options += ["RET=HDRS", f"ENVID={attempt}"]
    return options


async def _over(client: SMTP, error: SendError) -> SendError:
    """The server said no: the connection is ready for the next mail, or is closed."""
    try:
        await client.rset()
    except (SMTPException, *Trouble):
        client.close()
    return error
