"""The channel by itself: what it registers, results of messages, backoff, TLS, and a centre that is not there."""

import datetime as dt
import re
import socket
import ssl
from dataclasses import fields, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.sdk import HealthState, PartResult, SendError, SendErrorKind, SenderView
from gateway.sdk.settings import is_secret
from gateway.sdk.text import Encoding, SenderKind, Status
from gateway_sms_smpp import plugin
from gateway_sms_smpp.backoff import Backoff
from gateway_sms_smpp.channel import SmppChannel
from gateway_sms_smpp.outgoing import Accepted, Outcome, Submission, Unanswered, result_of
from gateway_sms_smpp.pdu import SubmitSm
from gateway_sms_smpp.refusals import refusal
from gateway_sms_smpp.settings import Settings

from .conftest import StartCentre, StartStage
from .stage import CONTACT

SILENT = Unanswered("no answer")
THROTTLED = refusal(0x58)
WRONG = refusal(0x0B)


def _failed(index: int, status: int) -> PartResult:
    told = refusal(status)
    return PartResult(index, None, Status.FAILED, told.code, told.sentence)


def _done(*parts: tuple[int, ...]) -> list[Submission]:
    return [Submission(covered, SubmitSm()) for covered in parts]


@pytest.mark.parametrize(
    ("covered", "outcomes", "expected"),
    [
        ([(0,)], [Accepted("a")], [PartResult(0, "a")]),
        ([(0,)], [Accepted(None)], [PartResult(0, None)]),
        ([(0,), (1,)], [Accepted("a"), WRONG], [PartResult(0, "a"), _failed(1, 0x0B)]),
        (
            [(0,), (1,)],
            [SILENT, Accepted("b")],
            [PartResult(0, None, Status.UNCERTAIN, reason="no answer"), PartResult(1, "b")],
        ),
        ([(0, 1, 2)], [Accepted("a")], [PartResult(0, "a"), PartResult(1, "a"), PartResult(2, "a")]),
        ([(0,), (0,)], [Accepted("a"), Accepted("b")], [PartResult(0, "b")]),
        ([(0,), (0,)], [WRONG, Accepted("b")], [_failed(0, 0x0B)]),
    ],
)
def test_results(covered: list[tuple[int, ...]], outcomes: list[Outcome], expected: list[PartResult]) -> None:
    assert list(result_of(_done(*covered), outcomes).parts) == expected


@pytest.mark.parametrize(
    ("outcomes", "kind"),
    [
        ([THROTTLED], SendErrorKind.THROTTLED),
        ([THROTTLED, WRONG], SendErrorKind.REJECTED),
        ([WRONG, SILENT], SendErrorKind.UNCERTAIN),
        ([THROTTLED, SILENT], SendErrorKind.UNCERTAIN),
        ([refusal(0x08)], SendErrorKind.UNAVAILABLE),
        ([refusal(0x04)], SendErrorKind.MISCONFIGURED),
        ([refusal(0x0499)], SendErrorKind.REJECTED),
    ],
)
def test_a_message_of_which_nothing_was_accepted(outcomes: list[Outcome], kind: SendErrorKind) -> None:
    with pytest.raises(SendError) as failed:
        result_of(_done(*((n,) for n in range(len(outcomes)))), outcomes)
    assert failed.value.kind is kind


def test_the_plugin_registers_its_channel() -> None:
    assert plugin.register_channels() == (SmppChannel,)
    assert SmppChannel.is_long_lived()
    assert {field.name for field in fields(SmppChannel.Settings) if is_secret(field)} == {"password"}


_README = Path(__file__).parents[1] / "README.md"


def test_the_readme_tells_of_every_setting() -> None:
    rows = [line for line in _README.read_text().splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert {field.name for field in fields(Settings)} == told


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"port": 65_536}, "65536 is no port"),
        ({"data_coding_latin1": 256}, "256 is no data_coding"),
        ({"data_coding_default": 8}, "UCS-2 needs a data_coding of its own"),
        ({"service_type": "CAMPAIGN"}, "five characters"),
        ({"ton_npi": "short_code"}, "no rule for TON and NPI"),
        ({"tlvs": "campaign=7"}, "hexadecimal digits"),
    ],
)
def test_settings_that_cannot_work_are_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Settings(host="centre.example", system_id="desk", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "sms", "inbound"),
    [
        (SenderKind.LONG_CODE, True, True),
        (SenderKind.ALPHANUMERIC, True, False),
        (SenderKind.EMAIL, False, True),
    ],
)
async def test_capabilities(stage: StartStage, kind: SenderKind, sms: bool, inbound: bool) -> None:
    can = stage(2775).channel.capabilities(SenderView(1, kind, "x"))
    assert (can.sms, can.inbound, can.mms, can.email) == (sms, inbound, False, False)


async def test_gateways_of_one_account_share_its_name(stage: StartStage) -> None:
    assert stage(2775).channel.account() == stage(2775, window=3).channel.account() == "smpp:onethread@127.0.0.1:2775"
    assert stage(2775, system_id="other").channel.account() != stage(2775).channel.account()
    other_host = stage(2776, host="second.example", account="Carrier")
    assert other_host.channel.account() == stage(2775, account="Carrier").channel.account() == "smpp:1:Carrier"


async def test_a_recipient_that_fits_no_pdu_is_rejected_before_anything_leaves(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()

    with pytest.raises(SendError) as failed:
        await one.channel.send(one.outbound("Hello", "+" + "1" * 30))
    await one.send("Hello")

    assert failed.value.kind is SendErrorKind.REJECTED
    assert len(await centre.said("submit_sm")) == 1


async def test_a_text_that_is_not_in_its_encoding_is_rejected(stage: StartStage) -> None:
    one = stage(2775)
    mislabelled = replace(one.outbound("ж", CONTACT + "01"), encoding=Encoding.GSM7)
    with pytest.raises(SendError) as failed:
        await one.channel.send(mislabelled)
    assert failed.value.kind is SendErrorKind.REJECTED


@pytest.mark.parametrize("body", ["short", "long" * 100])
async def test_nothing_is_bound(stage: StartStage, body: str) -> None:
    with pytest.raises(SendError) as failed:
        await stage(2775).send(body)
    assert failed.value.kind is SendErrorKind.UNAVAILABLE
    assert "not bound" in failed.value.sentence


async def test_a_centre_that_is_not_there(stage: StartStage) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        one = stage(port)
        one.start()
        (health,) = await one.health.wait()
        with pytest.raises(SendError) as failed:
            await one.send("Hello")

        assert health.state is HealthState.DOWN
        assert f"No connection to 127.0.0.1:{port}" in (health.reason or "")
        assert failed.value.kind is SendErrorKind.UNAVAILABLE
        assert (await one.channel.check()).state is HealthState.DOWN


async def test_check_binds_and_unbinds_where_nothing_stands(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre()
    one = stage(centre.port)

    assert (await one.channel.check()).state is HealthState.OK
    await centre.said("unbind")


def test_backoff_doubles_to_its_most_and_spreads() -> None:
    never, always = Backoff(lambda: 0.0), Backoff(lambda: 1.0)
    assert [never.wait() for _ in range(9)] == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]
    assert [always.wait() for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    always.lasted(9.9)
    assert always.wait() == 60
    always.lasted(10)
    assert always.wait() == 0.5
    assert always.longest() == 60


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A key and a certificate for 127.0.0.1 that trusts itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "centre.example")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = tmp_path / "cert.pem", tmp_path / "key.pem"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


async def test_over_tls(
    start_centre: StartCentre, stage: StartStage, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    centre = await start_centre(CERT=str(certificate[0]), KEY=str(certificate[1]))
    one = stage(centre.port, host="localhost", tls=True)
    await one.bound()

    result = await one.send("Hello", "01")
    (receipt,) = await one.receipts(1)
    await one.stop()
    await centre.said("unbind")

    assert receipt.provider_ids[0] == result.parts[0].provider_id


async def test_a_certificate_nobody_signed_is_refused(
    start_centre: StartCentre, stage: StartStage, certificate: tuple[Path, Path]
) -> None:
    centre = await start_centre(CERT=str(certificate[0]), KEY=str(certificate[1]))
    one = stage(centre.port, host="localhost", tls=True)
    one.start()

    (health,) = await one.health.wait()

    assert health.state is HealthState.DOWN
    assert "certificate" in (health.reason or "").lower()
    assert ssl.create_default_context().check_hostname
