"""What there is to be seen for staff. The server must hold the password, an unanswered question and a complaint."""

from typing import TYPE_CHECKING

from evals.screenshots.shots import QUESTION, REFUSED, Act, Shot

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "for pictures alone"  # noqa: S105 - of a server that lives for a minute on loopback
FILE = "The Malvern Kite Fund lends up to £40,000 to firms that fly cameras over orchards.\n\nIt opened in May 2026.\n"


def prepare(page: "Page", server: str) -> None:
    """Ask what cannot be answered and complain, so that the lists have something in them."""
    page.request.post(f"{server}/api/v1/ask", data={"question": REFUSED})
    answer = page.request.post(f"{server}/api/v1/ask", data={"question": QUESTION}).json()
    complaint = {"question": QUESTION, "answer": answer["text"], "rating": "down", "reason": "outdated"}
    page.request.post(f"{server}/api/v1/feedback", data={**complaint, "comment": "There is a third fund now."})


def _staff(path: str) -> Act:
    def act(page: "Page", server: str) -> None:
        page.goto(f"{server}/staff/login")
        if page.locator("#password").count():
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector("table")
        page.goto(f"{server}/staff{path}")

    return act


def _login(page: "Page", server: str) -> None:
    page.goto(f"{server}/staff/login")


def _preview(page: "Page", server: str) -> None:
    _staff("/add")(page, server)
    page.set_input_files("#file", {"name": "kites.txt", "mimeType": "text/plain", "buffer": FILE.encode()})
    page.locator("form[action='/staff/add/file'] button").click()
    page.wait_for_selector(".passages")


STAFF_SHOTS = (
    Shot("staff-login", _login),
    Shot("staff-sources", _staff(""), full=True),
    Shot("staff-source", _staff("/sources/bbb-meif2"), full=True),
    Shot("staff-add", _staff("/add"), full=True),
    Shot("staff-preview", _preview, full=True),
    Shot("staff-unanswered", _staff("/unanswered"), full=True),
    Shot("staff-feedback", _staff("/feedback"), full=True),
)
