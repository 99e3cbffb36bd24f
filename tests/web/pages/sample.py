"""View models as a busy afternoon would fill them."""

from gateway.web.pages.timeline import Timeline
from gateway.web.pages.views_composer import Attachment, Composer, Kit, SenderGroup, SenderOption
from gateway.web.pages.views_list import Chip, Listing, NavGroup, NavItem, Row, TagPill
from gateway.web.pages.views_shell import Choice, Notice, Person, Shell
from gateway.web.pages.views_thread import (
    ConsentLine,
    DayLine,
    EventLine,
    Field,
    Head,
    Line,
    MessageLine,
    NewLine,
    NoteLine,
    Previous,
    Side,
    Status,
    Words,
)
from gateway.web.pages.views_why import Why, WhyLine, WhyPart

ANA = Person("usr_1", "Ana Reyes", "AR", 25)
MAYA = Person("cnt_1", "Maya Okafor", "MO", 3)
STRANGER = Person("cnt_2", "+1 628 555 0117", "", 22)
ISO = "2026-11-21T10:42:00+00:00"
DAY = "2026-11-21"

SHELL = Shell("Harbour & Pine", ANA, "Supervisor", ["Orders"], "inbox", 14, 120)


def nav(key: str, label: str, icon: str, *, unread: int | None = None, count: int | None = None) -> NavItem:
    return NavItem(
        key, label, icon, f"/conversations?view={key}", f"/inbox/list?view={key}", count, unread, key == "inbox"
    )


def row(
    number: int, person: Person, preview: str, *, unread: int = 0, mark: str = "", owner: Person | None = None
) -> Row:
    made = f"cnv_{number}"
    return Row(
        made, f"/conversations/{made}", f"/conversations/{made}/pane", person, person is MAYA, "sms", "10:42", ISO,
        1000 - number, preview, "AR" if mark == "failed" else "", unread, mark, "open",
        (TagPill("Order issue", "orange"), TagPill("VIP", "violet")) if person is MAYA else (), owner,
        Choice("Complete", "complete", aux="Marked as complete"),
    )  # fmt: skip


LISTING = Listing(
    title="Inbox",
    view="inbox",
    query="view=inbox",
    search="",
    rows=[
        row(1, MAYA, "Also the shade has a dent, photo coming", unread=2, owner=ANA),
        row(2, STRANGER, "Is the walnut desk on show in Oakland?", unread=1, mark="reopened"),
        row(3, Person("cnt_3", "عالية حداد", "عح", 10), "مرحبا، هل وصل طلبي إلى المتجر؟", unread=1),
        row(4, Person("cnt_4", "Samuel Ortiz", "SO", 3), "Your refund is on its way", mark="failed", owner=ANA),
        row(5, Person("cnt_5", "<script>alert(1)</script>", "SA", 18), "\u202egnp.exe <img src=x onerror=alert(1)>"),
    ],
    next="/inbox/rows?view=inbox&cursor=abc",
    nav=[
        NavGroup(
            "views",
            "",
            [
                nav("inbox", "Inbox", "inbox", unread=14),
                nav("mine", "Mine", "user", unread=5),
                nav("unassigned", "Unassigned", "circle-dashed", count=4),
                nav("snoozed", "Snoozed", "alarm-clock", count=3),
            ],
        ),
        NavGroup("done", "", [nav("completed", "Completed", "circle-check", count=212)]),
        NavGroup("senders", "Mailboxes", [nav("x", "Main line", "smartphone", unread=7)]),
    ],
    chips=[Chip("unread", "Unread", "/conversations?unread=1", "/inbox/list?unread=1", False, 14)],
    senders=[nav("x", "Main line", "smartphone"), nav("y", "Help desk", "mail")],
    unread=14,
    open_count=100,
    cap=100,
    natural=Chip("natural", "Natural conversations only", "/conversations?natural=1", "/inbox/list?natural=1", False),
    current="cnv_1",
    empty=Notice("inbox", "All clear", "New messages appear here by themselves."),
)

FAILED = Status("circle-alert", "Not delivered", "red", bold=True, reason="The carrier refused it. (30007)", retry=True)


def message(seq: int, author: Person, body: str, status: Status | None = None, *, same: bool = False) -> MessageLine:
    out, made = author is ANA, f"msg_{seq}"
    value, failed = "+1 415 555 0132", status is FAILED
    return MessageLine(
        seq, made, out, author, body, "10:42", ISO, DAY, "Main line", value, "Simulator", status, int(out),
        same=same, failed=failed,
    )  # fmt: skip


CLAIMED = EventLine(
    1, "evt_1", "hand", [Words("Ana Reyes", bold=True), Words(" claimed this conversation")], "09:58", ISO, DAY
)
NOTED = NoteLine(4, "nte_1", "Tom Becker", "10:05", ISO, DAY, "Parcel is on the top shelf.")
LINES: list[Line] = [
    DayLine("Today", DAY),
    CLAIMED,
    message(2, ANA, "Here is what to look for.\n<b>not bold</b>", Status("check-check", "Delivered", "green")),
    message(3, ANA, "And a picture", FAILED, same=True),
    NOTED,
    NewLine(2),
    message(5, MAYA, "Is there a green one left?"),
    message(6, MAYA, "Also the shade has a dent", same=True),
]  # fmt: skip
TIMELINE = Timeline(LINES, 6, "/conversations/cnv_1/older?before=1")

HEAD = Head(
    id="cnv_1", thread="thr_1", number=3, person=MAYA, named=True, saved=True, subtitle="+1 415 555 0148",
    state="open", state_text="Open", sealed=False, tags=[TagPill("Order issue", "orange")],
    tag_choices=[
        Choice("Order issue", "Order issue", icon="orange", pressed=True),
        Choice("VIP", "VIP", icon="violet", pressed=False),
    ],
    owner=ANA, owner_text="You · Orders", mine=True, may_claim=False, may_assign=True, primary="complete",
    close="complete", close_text="Complete conversation", close_said="Marked as complete",
    close_sure="Yes, complete conversation", confirm_close=False,
    previous=[Previous("cnv_0", "Order collected, thank you!", "18 Nov 16:20")],
    snooze=[Choice("In 1 hour", "1", aux="11:43")], agents=[Choice("Tom Becker", "usr_2", aux="grp_1")],
    groups=[Choice("Orders", "grp_1", pressed=True)], query="view=inbox", may_unsubscribe=True,
)  # fmt: skip

MAIN = SenderOption(
    "snd_1", "Main line", "+1 415 555 0132", "sms", "SMS + MMS", "$0.0075 a part",
    "Harbour & Pine. Reply STOP to opt out", 7500, "USD", chosen=True, reason="Last used",
)  # fmt: skip
GROUPS = [SenderGroup("Simulator", "Simulator", [MAIN])]
HOURS = Choice("Hours", "We are open 9 to 6.", note="We are open 9 to 6.")
KIT = Kit(
    [HOURS], [Choice("Ready", "tpl_1", note="Hi {{ contact.first_name }}")], [Choice("Called in", "Called in. ")],
    [Choice("contact.first_name", "{{ contact.first_name }}", note="Maya")], [Choice("Drive", "drive", icon="search")],
    [Choice("In 1 hour", "2026-11-21T11:43", aux="11:43")], [Choice("Tom Becker", "Tom Becker", note="TB")],
)  # fmt: skip
FILES = [
    Attachment("med_1", "lamp <b>.png", "84 KB", "/api/v1/media/med_1/content", image=True),
    Attachment("med_2", "bill.pdf", "1.2 MB", "/api/v1/media/med_2/content", image=False),
]
COMPOSER = Composer("cnv_1", "thr_1", "Maya Okafor", GROUPS, MAIN, "", 6, KIT, attached=FILES)

SIDE = Side(
    "cnt_1", MAYA, True, "Customer since 2023",
    [Field("Phone", "+1 415 555 0148", "smartphone", "Primary")], [Field("Order no.", "HP-20418")],
    [ConsentLine("+1 415 555 0148", "Subscribed, 4 Mar 2025", "JOIN", "subscribed")], "",
    [Choice("Spring fair", "lst_1")], HEAD.previous,
    [CLAIMED], [NOTED], "+1 415 555 0148",
)  # fmt: skip
PANE = {"head": HEAD, "timeline": TIMELINE, "composer": COMPOSER, "side": SIDE}
WHY = Why(
    "Main line",
    "+1 415 555 0132",
    "Simulator",
    [
        WhyPart(
            "Number", [WhyLine("Last used", "Nothing to go by yet.", taken=False), WhyLine("Default", "Yes.", True)]
        ),
        WhyPart("Cost", [WhyLine("Said before sending", "$0.0079")]),
    ],
)
