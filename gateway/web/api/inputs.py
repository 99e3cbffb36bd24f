"""Types that several requests share. Lengths are those of the database's and the screens' patience."""

from typing import Annotated, Any

import msgspec

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
Label = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=100_000)]
Body = Annotated[str, msgspec.Meta(min_length=1, max_length=100_000)]
RateLimit = Annotated[float, msgspec.Meta(gt=0, le=100_000)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
AddressText = Annotated[str, msgspec.Meta(min_length=1, max_length=320)]
Types = Annotated[str, msgspec.Meta(max_length=2000, pattern="^[A-Za-z0-9_, ]*$")]
Unset = msgspec.UnsetType
UNSET = msgspec.UNSET
Prices = Annotated[dict[str, Any], msgspec.Meta(max_length=20)]
"""A price table, as `domain/prices.py` reads it."""
Zone = Annotated[str, msgspec.Meta(min_length=1, max_length=60, description="An IANA name, like Europe/Paris.")]
