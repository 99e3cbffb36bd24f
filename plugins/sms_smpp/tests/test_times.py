"""The validity period in the protocol's two forms."""

import pytest

from gateway_sms_smpp.times import Validity, validity_period

NOW = 1_795_000_000_000
SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("form", "expires_at", "expected"),
    [
        (Validity.ABSOLUTE, None, ""),
        (Validity.RELATIVE, None, ""),
        (Validity.NONE, NOW + HOUR, ""),
        (Validity.ABSOLUTE, 1_796_083_200_000, "261201000000000+"),
        (Validity.ABSOLUTE, 1_796_083_199_999, "261130235959000+"),
        (Validity.RELATIVE, NOW + HOUR, "000000010000000R"),
        (Validity.RELATIVE, NOW + 90 * SECOND, "000000000130000R"),
        (Validity.RELATIVE, NOW + 29 * DAY + 23 * HOUR, "000029230000000R"),
        (Validity.RELATIVE, NOW + 30 * DAY, "000100000000000R"),
        (Validity.RELATIVE, NOW + 360 * DAY + SECOND, "010000000001000R"),
        (Validity.RELATIVE, NOW + 36_000 * DAY, ""),
        (Validity.RELATIVE, NOW, "000000000001000R"),
        (Validity.RELATIVE, NOW - DAY, "000000000001000R"),
    ],
)
def test_validity(form: Validity, expires_at: int | None, expected: str) -> None:
    assert validity_period(form, expires_at, NOW) == expected
