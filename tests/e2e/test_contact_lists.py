"""A supervisor keeps lists: makes one, reads a table of people in, and finds the list again beside a thread."""

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import Messenger, ask, live, open_row
from tests.support.browser import Faults

PEOPLE = (
    "Vorname,Nachname,Handy,E-Mail,Tarif\n"
    "Lena,Listed,+1 415 558 1701,lena@customer.example,gold\n"
    "Milo,Listed,+1 415 558 1702,,silver\n"
    "Nobody,At all,,,\n"
    "<b>Nina</b>,Listed,+1 415 558 1703,,=1+1\n"
)


def test_a_table_of_people_becomes_a_list(
    messenger: Messenger, page: Page, faults: Faults, axe: CheckAccess, screenshot: Screenshot, tmp_path: Path
) -> None:
    faults.expect("422")
    messenger.text("STOP", "+14155581702")
    messenger.enter(page, path="/contacts")
    page.get_by_role("navigation", name="Contacts and lists").get_by_role("link", name="Lists").click()
    page.get_by_label("Name of a new list").fill("Spring fair")
    page.get_by_label("Who is on it").fill("Left their number at the fair")
    page.get_by_role("button", name="Create list").click()
    expect(page.get_by_role("status").filter(has_text="Made.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Spring fair").click()
    expect(page.get_by_text("Nobody on it yet")).to_be_visible()
    axe(page)
    read_in(page, tmp_path, axe, screenshot)
    leave_and_come_back(page, axe, screenshot)

    messenger.text("Is the fair on again?", "+14155581701")
    messenger.enter(page)
    live(page)
    open_row(page, "Lena Listed")
    expect(page.locator("#sp-details").get_by_role("link", name="Spring fair")).to_be_visible()


def read_in(page: Page, folder: Path, axe: CheckAccess, screenshot: Screenshot) -> None:
    """The table, with the detours of somebody who does it for the first time."""
    file, empty = folder / "people.csv", folder / "empty.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    empty.write_text("Handy\n", encoding="utf-8")
    page.get_by_role("link", name="Import contacts").click()
    axe(page)
    page.get_by_label("The file").set_input_files(empty)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("There is only one line")
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Handy")).to_have_value("address")
    expect(page.get_by_label("Vorname")).to_have_value("first_name")
    expect(page.get_by_text("Line 4")).to_be_visible()
    page.get_by_label("Tarif").select_option("field:Tarif")
    page.get_by_label("Handy").select_option("")
    page.get_by_label("E-Mail").select_option("")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("alert")).to_contain_text("No column holds a number")
    page.get_by_label("Handy").select_option("address")
    page.get_by_label("E-Mail").select_option("address")
    page.get_by_label("They agreed to", exact=True).select_option("marketing")
    page.get_by_role("button", name="Import 3 lines").click()
    expect(page.get_by_role("alert")).to_contain_text("this is the proof")
    page.get_by_label("Where and how they said so").fill("Form at the fair, 4 May")
    axe(page)
    screenshot(page, "import-table")
    page.get_by_role("button", name="Import 3 lines").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    expect(page.locator("#import-state")).to_contain_text("4 of 4 lines")
    axe(page)
    screenshot(page, "import-done")


def leave_and_come_back(page: Page, axe: CheckAccess, screenshot: Screenshot) -> None:
    """The list as it is now, as a file, and by its members' pages."""
    page.get_by_role("link", name="Spring fair").click()
    expect(page.locator("#book tbody tr")).to_have_count(3)
    expect(page.locator("#book")).to_contain_text("<b>Nina</b> Listed")
    axe(page)
    screenshot(page, "contact-list")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Export").click()
    rows = list(csv.DictReader(io.StringIO(taken.value.path().read_text("utf-8-sig"))))
    assert {row["Name"]: row["Tarif"] for row in rows} == {
        "Lena Listed": "gold",
        "Milo Listed": "silver",
        "<b>Nina</b> Listed": "'=1+1",
    }
    page.get_by_role("button", name="Take <b>Nina</b> Listed off the list").click()
    expect(page.locator("#book tbody tr")).to_have_count(2)
    page.get_by_label("Find somebody to add").fill("Nina")
    page.get_by_role("button", name="Add <b>Nina</b> Listed").click()
    expect(page.locator("#book tbody tr")).to_have_count(3)

    page.locator("#book").get_by_role("link", name="Milo Listed").click()
    expect(page.locator("#card")).to_contain_text("Opted out")
    page.get_by_role("button", name="Take off “Spring fair”").click()
    expect(page.locator("#card")).to_contain_text("On no list.")
    page.get_by_label("Put on a list").select_option(label="Spring fair")
    page.get_by_role("button", name="Add to the list").click()
    expect(page.get_by_role("button", name="Take off “Spring fair”")).to_be_visible()
    axe(page)


def test_an_agent_sees_lists_and_puts_contacts_on_them_without_managing_them(
    messenger: Messenger, new_page: NewPage, axe: CheckAccess
) -> None:
    admin = new_page()
    messenger.enter(admin)
    ask(admin, "POST", "/lists", {"name": "Repairs"})
    ask(admin, "POST", "/contacts", {"name": "Rita Repair", "addresses": ["+14155581710"]})
    page = new_page(width=390, height=844)
    messenger.enter(page, "Tom Becker", "/lists")
    expect(page.get_by_label("Name of a new list")).to_have_count(0)
    page.get_by_role("link", name="Repairs").click()
    expect(page.get_by_role("link", name="Export")).to_have_count(0)
    expect(page.get_by_text("Rename or remove")).to_have_count(0)
    page.get_by_label("Find somebody to add").fill("Rita")
    page.get_by_role("button", name="Add Rita Repair").click()
    expect(page.locator("#book")).to_contain_text("Rita Repair")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)
    for path in ("/imports", "/lists"):
        answer = page.request.get(f"{messenger.url}{path}")
        assert answer.status == (403 if path == "/imports" else 200)
