from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.clients.commands.tasks import AssignTask, CancelTask, ChangeTask, CompleteTask, Repeat
from services.clients.domain.repeat import MONTHS
from services.clients.domain.task import (
    Task,
    TaskAlreadyCompleted,
    TaskCancelledAlready,
    Times,
    assign_task,
    cancel_task,
    change_task,
    complete_task,
    evolve,
    mark_task_overdue,
    remind_of_task,
    repeat_task,
)
from services.clients.events.tasks import TaskAssigned, TaskCompleted
from services.kernel.errors import Invalid
from services.kernel.events import Registry

DUE = date(2026, 1, 31)


def timed(due_date: date, due_at: str | None, minutes: tuple[int, ...]) -> Times:
    return Times(due_at or f"{due_date} over", tuple(f"{minute} before {due_at or due_date}" for minute in minutes))


def same_time(day: date, due_at: str) -> str:
    return f"{due_at.split(maxsplit=1)[0]} {day}"


def task(**fields: Any) -> Task:
    asked = {"title": "Позвонить", "due_date": DUE, "assignee_id": "u-1", "task_id": "t-1", **fields}
    [assigned] = assign_task(AssignTask(**asked), timed)
    return evolve(None, assigned)


def after(of: Task, *events: Any) -> Task:
    for event in events:
        of = evolve(of, event)
    return of


def test_a_task_is_completed_once():
    one = task(client_id="c-1")
    [done] = complete_task(one, CompleteTask("t-1", "дозвонились"))
    assert done == TaskCompleted("t-1", "c-1", "дозвонились")
    with pytest.raises(TaskAlreadyCompleted):
        complete_task(after(one, done), CompleteTask("t-1"))


def test_what_is_cancelled_is_neither_done_nor_changed():
    one = task()
    one = after(one, *cancel_task(one, CancelTask("t-1", "передумали")))
    for decide in (
        lambda: complete_task(one, CompleteTask("t-1")),
        lambda: cancel_task(one, CancelTask("t-1")),
        lambda: change_task(one, ChangeTask("t-1", {"title": "x"}), timed),
    ):
        with pytest.raises(TaskCancelledAlready):
            decide()


@pytest.mark.parametrize(
    ("every", "due", "following"),
    [
        ("day", date(2026, 2, 28), date(2026, 3, 1)),
        ("week", date(2026, 12, 28), date(2027, 1, 4)),
        ("month", date(2026, 1, 31), date(2026, 2, 28)),
        ("quarter", date(2026, 11, 30), date(2027, 2, 28)),
        ("year", date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_task_that_repeats_is_followed_by_one_of_the_next_period(every, due, following):
    one = task(due_date=due, repeat=Repeat(every), remind_minutes=(60,), client_id="c-1", project="Офис")
    [assigned] = repeat_task(one, "t-2", timed, same_time)
    assert (assigned.task_id, assigned.due_date, assigned.repeats) == ("t-2", following, "t-1")
    assert (assigned.title, assigned.client_id, assigned.project) == ("Позвонить", "c-1", "Офис")
    assert assigned.reminders == (f"60 before {following}",)
    meant = due.day if due.day != following.day and every in MONTHS else None
    assert evolve(None, assigned).repeat == Repeat(every, day=meant)


def test_a_task_of_the_end_of_a_month_is_due_then_again_after_a_shorter_one_at_the_same_time():
    one = task(due_date=date(2026, 1, 31), due_at="10:00 2026-01-31", repeat=Repeat("month"))
    due = []
    for number in range(4):
        [assigned] = repeat_task(one, f"t-{number}", timed, same_time)
        one = evolve(None, assigned)
        due.append((one.due_date.isoformat(), one.due_at))
    days = ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert due == [(day, f"10:00 {day}") for day in days]


def test_repeats_end_with_their_last_day():
    assert repeat_task(task(), "t-2", timed, same_time) == []
    assert repeat_task(task(repeat=Repeat("day", date(2026, 1, 31))), "t-2", timed, same_time) == []
    assert len(repeat_task(task(repeat=Repeat("day", date(2026, 2, 1))), "t-2", timed, same_time)) == 1
    with pytest.raises(Invalid):
        task(repeat=Repeat("day", date(2026, 1, 30)))


def test_a_task_falls_overdue_once_and_anew_when_it_is_due_at_another_time():
    one = task()
    [fell] = mark_task_overdue(one, one.deadline or "")
    late = after(one, fell)
    assert mark_task_overdue(late, late.deadline or "") == []
    assert mark_task_overdue(one, "another") == []
    [moved] = change_task(late, ChangeTask("t-1", {"due_date": date(2026, 2, 3)}), timed)
    again = after(late, moved)
    assert (again.overdue, again.deadline) == (False, "2026-02-03 over")
    assert len(mark_task_overdue(again, "2026-02-03 over")) == 1


def test_an_assignee_is_reminded_once_of_each_time_and_nobody_of_what_is_over():
    one = task(remind_minutes=(60, 5))
    assert one.reminders == ("60 before 2026-01-31", "5 before 2026-01-31")
    [reminded] = remind_of_task(one, one.reminders[0])
    assert reminded.assignee_id == "u-1"
    assert remind_of_task(after(one, reminded), one.reminders[0]) == []
    assert remind_of_task(one, "another") == []
    assert remind_of_task(task(assignee_id=None, remind_minutes=(60,)), one.reminders[0]) == []
    done = after(one, *complete_task(one, CompleteTask("t-1")))
    assert remind_of_task(done, one.reminders[0]) == []


def test_a_change_tells_what_it_changes_free_text_apart():
    one = task(client_id="c-1")
    [changed] = change_task(one, ChangeTask("t-1", {"title": "Написать", "assignee_id": "u-2"}), timed)
    assert (changed.before, changed.after) == ({"assignee_id": "u-1"}, {"assignee_id": "u-2"})
    assert (changed.personal_before, changed.personal_after) == ({"title": "Позвонить"}, {"title": "Написать"})
    assert change_task(after(one, changed), ChangeTask("t-1", {"title": "Написать"}), timed) == []


def test_a_day_instead_of_a_time_takes_the_time_away():
    one = task(due_at="2026-01-31T12:00")
    [changed] = change_task(one, ChangeTask("t-1", {"due_date": date(2026, 2, 1)}), timed)
    assert (changed.after["due_at"], changed.after["deadline"]) == (None, "2026-02-01 over")


def test_a_changed_task_comes_out_of_the_store_as_it_went_in():
    registry = Registry([TaskAssigned, type(change_task(task(), ChangeTask("t-1", {"title": "x"}), timed)[0])])
    one = task(remind_minutes=(60,))
    changes = {"due_date": date(2026, 2, 3), "repeat": {"every": "week", "until": date(2026, 5, 1)}}
    [changed] = change_task(one, ChangeTask("t-1", changes), timed)
    encoded = registry.encode(changed)
    stored = registry.decode(encoded.type, 1, encoded.payload)
    assert after(one, stored) == after(one, changed)
    assert after(one, stored).repeat == Repeat("week", date(2026, 5, 1))


def test_a_task_of_the_first_version_is_overdue_when_its_day_is_over_in_moscow():
    registry = Registry([TaskAssigned])
    first = '{"task_id":"t","client_id":null,"document_id":null,"assignee_id":null,"due_date":"2026-04-03","title":"x"}'
    assert registry.decode("TaskAssigned", 1, first).deadline == "2026-04-03T21:00:00.000000Z"


def test_a_time_that_an_assignee_was_reminded_of_is_not_reminded_of_again():
    one = task(remind_minutes=(60,))
    one = after(one, *remind_of_task(one, one.reminders[0]))
    one = after(one, *change_task(one, ChangeTask("t-1", {"due_date": date(2026, 2, 3)}), timed))
    assert one.reminders == ("60 before 2026-02-03",)
    [back] = change_task(one, ChangeTask("t-1", {"due_date": DUE}), timed)
    assert after(one, back).reminders == ()


def test_the_task_of_a_forgotten_client_does_not_come_again():
    one = task(repeat=Repeat("week"), client_id="c-1")
    assert repeat_task(replace(one, title=None), "t-2", timed, same_time) == []
