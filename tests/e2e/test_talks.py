"""Texts that are answered by themselves: a keyword opts in, a form is filled in and stopped, a poll is watched live."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, Screenshot
from tests.e2e.messenger import Messenger, live
from tests.support.browser import Faults

MAYA, NOAH, OLGA, OTTO = "+14155584101", "+14155584102", "+14155584103", "+14155584104"


def make_a_keyword(page: Page, axe: CheckAccess) -> None:
    """JOIN, with the detour of somebody who tries STOP first."""
    page.get_by_role("link", name="New keyword").first.click()
    page.get_by_label("Words").fill("Stop, Join")
    page.get_by_label("Answer", exact=True).fill("Welcome to the club.")
    page.get_by_label("Put on a list").select_option(label="Club")
    axe(page)
    page.get_by_role("button", name="Make the keyword").click()
    expect(page.locator("#f-words-e")).to_contain_text("the law and carriers say so")
    axe(page)
    page.get_by_label("Words").fill("Join, Beitreten")
    page.get_by_role("button", name="Make the keyword").click()
    expect(page.get_by_role("status").filter(has_text="Made.")).to_be_visible()
    expect(page.locator(".rule-row").filter(has_text="Join, Beitreten")).to_contain_text(
        "put on the list Club, with consent, answer “Welcome to the club.”"
    )


def try_texts(page: Page) -> None:
    """The box says what a text would do."""
    box = page.get_by_label("Somebody texts")
    for text, words in (
        ("jóin!", "The keyword Join, Beitreten."),
        ("STOP", "Opts out at once"),
        ("please stop texting me", "Machines wait"),
        ("Where are you?", "it opens a conversation"),
    ):
        box.fill(text)
        expect(page.locator("#tried")).to_contain_text(words)


def make_a_form(page: Page, axe: CheckAccess) -> None:
    """Two questions; the second becomes a choice, which asks for its choices."""
    page.locator("#set-forms").click()
    page.get_by_role("link", name="New form").first.click()
    page.get_by_label("Name", exact=True).fill("T-shirts")
    first = page.get_by_role("group", name="Question 1")
    first.get_by_label("Question", exact=True).fill("What is your name?")
    first.get_by_label("Called", exact=True).fill("who")
    first.get_by_label("Also kept as", exact=True).fill("name")
    page.get_by_role("button", name="Add question").click()
    second = page.get_by_role("group", name="Question 2")
    second.get_by_label("Question", exact=True).fill("Which size, {{ answers.who }}?")
    second.get_by_label("Answer", exact=True).select_option("choice")
    second.get_by_label("Choices", exact=True).fill("Small | S\nLarge | L")
    second.get_by_label("Called", exact=True).fill("size")
    page.get_by_label("Thank you", exact=True).fill("Thanks, {{ answers.who }}.")
    page.get_by_label("Word to leave by").fill("cancel")
    page.get_by_role("button", name="Make the form").click()
    expect(page.locator("#f-way_out-e")).to_contain_text("has a meaning by law")
    axe(page)
    page.get_by_label("Word to leave by").fill("exit")
    page.get_by_role("button", name="Make the form").click()
    expect(page.get_by_role("heading", name="T-shirts")).to_be_visible()
    expect(page.get_by_text("Nobody was asked yet")).to_be_visible()
    axe(page)


def begin_by_word(page: Page, word: str, what: str) -> None:
    """A keyword that begins a form or asks a poll."""
    page.locator("#set-keywords").click()
    page.get_by_role("link", name="New keyword").first.click()
    page.get_by_label("Words").fill(word)
    page.get_by_label("Then", exact=True).select_option(label=what)
    page.get_by_role("button", name="Make the keyword").click()
    expect(page.locator(".rule-row").filter(has_text=word)).to_contain_text(what)


def make_a_poll(page: Page, axe: CheckAccess) -> None:
    page.locator("#set-polls").click()
    page.get_by_role("link", name="New poll").first.click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Colours")
    page.get_by_role("textbox", name="Question", exact=True).fill("Which colour?")
    page.get_by_role("textbox", name="Choices", exact=True).fill("Red | crimson\nBlue\nGreen")
    page.get_by_role("textbox", name="Thank you", exact=True).fill("Counted.")
    axe(page)
    page.get_by_role("button", name="Make the poll").click()
    expect(page.get_by_role("heading", name="0 votes")).to_be_visible()
    axe(page)


def test_a_word_opts_in_and_a_form_is_filled_in(
    messenger: Messenger, page: Page, faults: Faults, axe: CheckAccess, screenshot: Screenshot
) -> None:
    faults.expect("422")
    messenger.enter(page, path="/lists")
    page.get_by_label("Name of a new list").fill("Club")
    page.get_by_role("button", name="Create list").click()
    page.goto(f"{messenger.url}/settings/keywords")
    live(page)
    make_a_keyword(page, axe)
    try_texts(page)
    screenshot(page, "settings-keywords")
    messenger.text("Join", MAYA)
    make_a_form(page, axe)
    begin_by_word(page, "Shirt", "start the form T-shirts")
    page.locator("#set-forms").click()
    page.get_by_role("link", name="T-shirts").click()
    live(page)
    answers = page.locator("#answers")
    for text in ("shirt", "Maya <b>Ortiz</b>", "huge", "l"):
        messenger.text(text, MAYA)
    row = answers.get_by_role("row").filter(has_text="Maya <b>Ortiz</b>")
    expect(row).to_contain_text("completed")  # it came in by itself
    expect(row).to_contain_text("Large")
    for text in ("shirt", "Noah", "STOP", "1"):
        messenger.text(text, NOAH)
    expect(answers.get_by_role("row").filter(has_text="opted out")).to_have_count(1)
    counted = page.get_by_role("list", name=re.compile("Answers, Which size")).get_by_role("listitem")
    expect(counted.filter(has_text="Large")).to_contain_text("100 %")
    expect(counted.filter(has_text="Small")).to_contain_text("0 %")
    axe(page)
    screenshot(page, "form-answers")
    in_the_thread(messenger, page, axe)


def test_votes_come_in_while_one_looks(
    messenger: Messenger, page: Page, axe: CheckAccess, screenshot: Screenshot
) -> None:
    messenger.enter(page, path="/settings/polls")
    live(page)
    make_a_poll(page, axe)
    begin_by_word(page, "Vote", "ask the poll Colours")
    page.locator("#set-polls").click()
    page.get_by_role("link", name="Colours").click()
    live(page)
    results = page.locator("#results")
    for text in ("vote", "2", "crimson"):
        messenger.text(text, OLGA)
    expect(results).to_contain_text("1 vote")
    messenger.text("vote", OTTO)
    messenger.text("green", OTTO)
    expect(results).to_contain_text("2 votes")
    expect(results.get_by_role("listitem").filter(has_text="Red")).to_contain_text("50 %")
    axe(page)
    screenshot(page, "poll-results")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert any(",1,Red," in line for line in lines)
    page.get_by_role("button", name="Close the poll").click()
    expect(results).to_contain_text("closed")


def in_the_thread(messenger: Messenger, page: Page, axe: CheckAccess) -> None:
    """None of it opened anything; from the menu of a conversation a form begins, and a person's word stops machines."""
    page.goto(f"{messenger.url}/conversations?view=all")
    live(page)
    expect(page.locator("#rows .cr").filter(has_text="Ortiz")).to_have_count(0)
    messenger.text("Do you have it in green?", MAYA)
    page.locator("#rows .cr").filter(has_text="Ortiz").locator(".cr-top").click()
    lines = page.locator("#scroll")
    expect(lines).to_contain_text("Do you have it in green?")
    expect(lines.get_by_text("Keyword").first).to_be_attached()
    page.get_by_role("button", name="Conversation options").click()
    page.get_by_role("link", name="Ask a form or a poll").click()
    axe(page)
    page.get_by_role("button", name="Start the form T-shirts").click()
    expect(page.locator("#scroll")).to_contain_text("What is your name?")
    expect(page.get_by_role("alert")).to_have_count(0)
