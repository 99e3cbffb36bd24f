"""Spreading contacts over gateways or numbers by weight, without counting: everybody finds the same one each time.

Rendezvous hashing: each candidate draws a lot for the contact, and the highest wins. A candidate that joins or leaves
moves only its own share. (Thaler & Ravishankar 1998; the weights as in Schindelhauer & Schomaker 2005.)
"""

import hashlib
import math
from collections.abc import Mapping

_BITS = 53  # as many as a float holds exactly


def spread(key: str, weights: Mapping[int, int]) -> list[int]:
    """The candidates for a key, best first. One of weight 0 comes after all others."""
    return sorted(weights, key=lambda one: (-_lot(key, one, weights[one]), one))


def _lot(key: str, candidate: int, weight: int) -> float:
    if weight <= 0:
        return 0.0
    digest = hashlib.blake2b(f"{candidate}|{key}".encode(), digest_size=8).digest()
    drawn = ((int.from_bytes(digest, "big") >> (64 - _BITS)) + 0.5) / (1 << _BITS)
    return -weight / math.log(drawn)
