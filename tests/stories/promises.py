"""What must hold after any crash: nothing promised is lost, nothing is doubled in silence, nothing is called sent that
did not leave."""

from tests.stories.levers import look
from tests.stories.site import Site

AT_REST = ("sent", "delivered", "uncertain")


async def check_promises(site: Site) -> None:
    """L, D, F and A of CASES.md, asked of the database and of the centre. Waits until nothing is under way."""
    for message_id in site.accepted:
        await site.becomes(message_id, *AT_REST)
    inbound = await look(site.database, "SELECT body, count(*) FROM messages WHERE direction = 'inbound' GROUP BY body")
    copies = dict(inbound)
    assert site.received <= copies.keys(), "an inbound message that was acknowledged is lost"
    assert [body for body, count in copies.items() if count > 1] == [], "an inbound message is there twice"

    sent = await look(site.database, "SELECT id, body, status FROM messages WHERE direction = 'outbound'")
    bodies = [body for _, body, _ in sent]
    assert set(site.accepted.values()) <= set(bodies), "a message that was accepted is lost"
    assert len(bodies) == len(set(bodies)), "a message was accepted twice"
    submitted = site.submissions()
    assert [body for body, count in submitted.items() if count > 1] == [], "a message was sent twice"
    for _, body, status in sent:
        assert status in AT_REST, (body, status)
        assert status == "uncertain" or submitted[body] == 1, f"{body} is called {status} and never left"

    for kind, direction in (("message_received", "inbound"), ("message_queued", "outbound")):
        question = (
            f"SELECT m.body, count(e.position) FROM messages m LEFT JOIN events e"
            f" ON e.message_id = m.id AND e.type = '{kind}' WHERE m.direction = '{direction}'"
            f" GROUP BY m.id, m.body HAVING count(e.position) <> 1"
        )
        assert await look(site.database, question) == [], f"not every message has its {kind}"
