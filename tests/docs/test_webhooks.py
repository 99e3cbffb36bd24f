"""docs/webhooks.md: its examples verify what we sign and nothing else, and its times are the code's."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gateway.core.decisions.webhooks import MOST_WEBHOOKS
from gateway.domain.retention import KINDS
from gateway.domain.webhooks import OFF_AFTER_MS, PAUSES_S, SECRET_OVERLAP_MS, TRIES_IN_ORDER
from gateway.host.http_sessions import TOTAL_TIMEOUT_S
from gateway.sdk.proof import signed_headers, written_secret
from gateway.storage.purge import DAY
from gateway.web.api.webhook_log import MOST_AT_ONCE
from gateway.workers.webhook_calls import ANSWER_BYTES
from tests.docs.pages import blocks, read, rows, sections

PAGE = "docs/webhooks.md"
SECRET, OTHER = written_secret(b"s" * 32), written_secret(b"o" * 32)
NOW = 1_790_000_000
BODY = '{"type":"message_received","data":{"message":{"body":"Grüße 🙂"}}}'.encode()
CASES = [
    ("ours", signed_headers([SECRET], "dlv_1", NOW, BODY), BODY, NOW + 299, True),
    ("ours, with a new secret beside it", signed_headers([OTHER, SECRET], "dlv_1", NOW, BODY), BODY, NOW, True),
    ("another's", signed_headers([OTHER], "dlv_1", NOW, BODY), BODY, NOW, False),
    ("changed", signed_headers([SECRET], "dlv_1", NOW, BODY), BODY + b" ", NOW, False),
    ("old", signed_headers([SECRET], "dlv_1", NOW, BODY), BODY, NOW + 301, False),
    ("no signature", {**signed_headers([SECRET], "dlv_1", NOW, BODY), "webhook-signature": "v1"}, BODY, NOW, False),
    ("under another id", {**signed_headers([SECRET], "dlv_1", NOW, BODY), "webhook-id": "dlv_2"}, BODY, NOW, False),
]


def example(language: str) -> str:
    (found,) = blocks(read(PAGE), language)
    return found.text


@pytest.mark.parametrize(("what", "headers", "body", "now", "expected"), CASES, ids=[case[0] for case in CASES])
def test_the_python_example(what: str, headers: dict[str, str], body: bytes, now: int, expected: bool) -> None:
    space: dict[str, Any] = {}
    exec(example("python"), space)
    assert space["verified"](SECRET, headers, body, now) is expected, what


def test_the_javascript_example(tmp_path: Path) -> None:
    (tmp_path / "example.mjs").write_text(example("javascript"), encoding="utf-8")
    cases = [[headers, body.decode(), now] for _, headers, body, now, _ in CASES]
    (tmp_path / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    (tmp_path / "run.mjs").write_text(
        "import { readFileSync } from 'node:fs'\nimport { verified } from './example.mjs'\n"
        "const cases = JSON.parse(readFileSync(new URL('./cases.json', import.meta.url)))\n"
        f"console.log(JSON.stringify(cases.map(([h, b, n]) => verified('{SECRET}', h, Buffer.from(b), n))))\n",
        encoding="utf-8",
    )
    done = subprocess.run(["node", "run.mjs"], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout) == [expected for *_, expected in CASES]


def test_the_times_and_limits_it_names() -> None:
    shown = [row[1] for row in list(rows(sections(read(PAGE), 2)["Once more, and in order"]))[2:]]
    units = {"s": 1, "min": 60, "h": 3_600}
    given = [float(words.split()[0]) * units[words.split()[1]] for words in shown[1:]]
    assert given[:-1] == list(PAUSES_S[:-1])
    assert given[-1] == pytest.approx(PAUSES_S[-1], rel=0.01)
    text = re.sub(r"\s+", " ", read(PAGE))
    assert f"{sum(PAUSES_S[: TRIES_IN_ORDER - 1])} seconds" in text
    assert f"within {TOTAL_TIMEOUT_S:g} seconds" in text
    assert f"first {ANSWER_BYTES:,} bytes" in text
    assert f"log of {KINDS['webhook_deliveries'].unless_set} days" in text
    assert f"newest {MOST_AT_ONCE}" in text
    assert f"At most {MOST_WEBHOOKS} webhooks" in text
    assert (OFF_AFTER_MS, SECRET_OVERLAP_MS) == (5 * DAY, DAY), "five days, 24 hours"
