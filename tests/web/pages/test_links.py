"""Addresses in messages are links, and nothing else is."""

import pytest

from gateway.web.pages.links import linked

A = '<a class="url" href="{0}" target="_blank" rel="noopener noreferrer nofollow ugc">{0}</a>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("No link: a < b", "No link: a < b"),
        ("See https://shop.example/a?b=1&c=2.", f"See {A.format('https://shop.example/a?b=1&amp;c=2')}."),
        ("(http://shop.example/x_(y))", f"({A.format('http://shop.example/x_(y)')})"),
        ("<b>HTTPS://shop.example</b>", f"&lt;b&gt;{A.format('HTTPS://shop.example')}&lt;/b&gt;"),
        (
            'https://a.example/"onmouseover=alert(1)',
            f"{A.format('https://a.example/')}&#34;onmouseover=alert(1)",
        ),
        ("javascript://x", "javascript://x"),
        ("https:// and http://.", "https:// and http://."),
        ("https://a.example/\u202egnp.exe", f"{A.format('https://a.example/')}\u202egnp.exe"),
        (
            "x https://a.example http://b.example y",
            f"x {A.format('https://a.example')} {A.format('http://b.example')} y",
        ),
    ],
)
def test_what_is_a_link(text: str, shown: str) -> None:
    assert str(linked(text)) == shown


def test_half_an_address_is_none() -> None:
    assert str(linked("See https://shop.example/or", cut=True)) == "See https://shop.example/or"
