"""The password, the token, sessions, guesses and jobs, each by itself."""

import threading
from collections.abc import Callable

import pytest

from rag.config import Settings
from rag.errors import ConfigError, StoreBusy
from ui.staff.door import Door
from ui.staff.errors import NothingHere, TooManyAttempts, TooMuchToDo, WrongPassword
from ui.staff.jobs import WAITING_MAX, Job, Jobs
from ui.staff.secrets import hash_password, new_token, password_fits, token_fits
from ui.staff.sessions import IDLE_S, LONGEST_S, Attempts, Sessions

PASSWORD = "copper kettle orbit maple"  # noqa: S105  of no one


def test_a_password_fits_its_hash_and_no_other() -> None:
    hashed = hash_password(PASSWORD)
    assert PASSWORD not in hashed
    assert "$" not in hashed  # .env files read that as the beginning of a variable
    assert hashed != hash_password(PASSWORD)
    assert password_fits(PASSWORD, hashed)
    assert not any(
        password_fits(guess, hashed) for guess in ("", PASSWORD + " ", PASSWORD.upper(), "x" * 1000, "\ud800")
    )


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_password_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(ConfigError, match="12 to 200"):
        hash_password(password)


@pytest.mark.parametrize(
    "hashed", ["x", "scrypt:2:8:1:AAAA:AAAA", "scrypt:32768:8:3:!:!", PASSWORD, "bcrypt:1:2:3:4:5"]
)
def test_a_setting_that_is_no_hash_stops_the_start(hashed: str) -> None:
    with pytest.raises(ConfigError, match="WMAI_STAFF_PASSWORD_HASH") as refused:
        Door(Settings.model_validate({"staff_password_hash": hashed}))
    assert hashed not in str(refused.value) or len(hashed) == 1
    with pytest.raises(ConfigError, match="WMAI_STAFF_TOKEN_HASH"):
        Door(Settings.model_validate({"staff_token_hash": hashed}))


def test_a_token_is_long_and_fits_its_hash_alone() -> None:
    token, hashed = new_token()
    assert len(token) > 40
    assert token not in hashed
    assert token_fits(token, hashed)
    assert not token_fits(hashed, hashed)
    assert not token_fits("", hashed)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_ends_when_idle_when_old_and_on_leaving() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    idle, busy, left = sessions.begin(), sessions.begin(), sessions.begin()
    assert len({idle.id, busy.id, left.id, idle.csrf, busy.csrf}) == 5
    sessions.end(left.id)
    assert sessions.find(left.id) is None
    while clock.now < 1000 + LONGEST_S:
        assert sessions.find(busy.id) is not None
        clock.now += IDLE_S * 0.9
        assert sessions.find("guess") is None
    assert sessions.find(idle.id) is None
    assert sessions.find(busy.id) is None


def test_a_form_needs_the_token_of_its_own_session() -> None:
    sessions = Sessions()
    one, other = sessions.begin(), sessions.begin()
    assert one.allows(one.csrf)
    assert not any(one.allows(token) for token in (other.csrf, "", one.id, "\ud800"))


def test_guesses_are_counted_by_client_and_altogether() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(Attempts.OF_ONE_MAX):
        assert attempts.wait_s("a") == 0
        attempts.begin("a")
    assert attempts.wait_s("a") == Attempts.WINDOW_S
    assert attempts.wait_s("b") == 0
    for number in range(Attempts.OF_ALL_MAX):
        attempts.begin(f"c{number}")
    assert attempts.wait_s("b") > 0
    clock.now += Attempts.WINDOW_S
    assert attempts.wait_s("a") == attempts.wait_s("b") == 0


def test_the_door_stops_guessing_even_with_the_right_password() -> None:
    door = Door(Settings.model_validate({"staff_password_hash": hash_password(PASSWORD)}))
    assert door.log_in("a", PASSWORD).id
    for _ in range(Attempts.OF_ONE_MAX):
        with pytest.raises(WrongPassword):
            door.log_in("a", "wrong wrong wrong")
    with pytest.raises(TooManyAttempts, match="Try again in"):
        door.log_in("a", PASSWORD)
    assert door.log_in("b", PASSWORD).id


def wait_until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(6000):
        if holds():
            return
        pause.wait(0.01)
    raise AssertionError("it never came about")


def test_jobs_are_done_in_turn_and_tell_how_far_they_are() -> None:
    jobs = Jobs()
    go_on = threading.Event()
    order: list[str] = []

    def slow(progress: object) -> tuple[str, ...]:
        progress.begin("Counting", 3)  # type: ignore[attr-defined]
        progress.advance(2)  # type: ignore[attr-defined]
        go_on.wait(30)
        order.append("slow")
        return ("Counted.",)

    def quick(_progress: object) -> tuple[str, ...]:
        order.append("second")
        return ("Done.",)

    first = jobs.submit("First", slow)
    second = jobs.submit("Second", quick)
    wait_until(lambda: jobs.find(first.id).done == 2)
    assert jobs.find(first.id) == Job(first.id, "First", "running", "Counting", 2, 3)
    assert [job.id for job in jobs.unfinished()] == [first.id, second.id]
    go_on.set()
    wait_until(lambda: jobs.find(second.id).is_over)
    assert order == ["slow", "second"]
    assert jobs.find(first.id).lines == ("Counted.",)
    assert jobs.unfinished() == ()


def test_a_job_that_fails_stops_no_other() -> None:
    jobs = Jobs()

    def busy(_progress: object) -> tuple[str, ...]:
        raise StoreBusy("Another process is writing.", "Wait.")

    def broken(_progress: object) -> tuple[str, ...]:
        raise ZeroDivisionError

    ids = [jobs.submit("x", work).id for work in (busy, broken, lambda _: ("Fine.",))]
    wait_until(lambda: jobs.unfinished() == ())
    assert [jobs.find(id_).state for id_ in ids] == ["failed", "failed", "done"]
    assert jobs.find(ids[0]).lines == ("Another process is writing. Wait.",)
    assert "logged" in jobs.find(ids[1]).lines[0]
    with pytest.raises(NothingHere):
        jobs.find("guess")


def test_there_is_an_end_to_what_waits() -> None:
    jobs = Jobs()
    go_on = threading.Event()

    def wait(_progress: object) -> tuple[str, ...]:
        go_on.wait(30)
        return ()

    for _ in range(WAITING_MAX):
        jobs.submit("x", wait)
    wait_until(lambda: any(job.state == "running" for job in jobs.unfinished()))
    jobs.submit("x", wait)
    with pytest.raises(TooMuchToDo):
        jobs.submit("x", wait)
    go_on.set()
    wait_until(lambda: jobs.unfinished() == ())
