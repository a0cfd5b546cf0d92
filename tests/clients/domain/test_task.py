from datetime import date

import pytest

from services.clients.commands.tasks import AssignTask, CompleteTask
from services.clients.domain.task import Task, TaskAlreadyCompleted, assign_task, complete_task, evolve
from services.clients.events.tasks import TaskAssigned, TaskCompleted

DAY = date(2026, 3, 2)
ASSIGNED = TaskAssigned("t-1", "c-1", None, "u-1", DAY, "Позвонить")


def test_a_task_says_who_is_to_do_what_for_whom_and_by_when():
    command = AssignTask("Позвонить", DAY, assignee_id="u-1", client_id="c-1", task_id="t-1")
    assert assign_task(command) == [ASSIGNED]
    assert evolve(None, ASSIGNED) == Task("t-1", "c-1", completed=False)


def test_a_task_is_completed_once_with_its_result():
    open_task = evolve(None, ASSIGNED)
    assert complete_task(open_task, CompleteTask("t-1")) == [TaskCompleted("t-1", "c-1", None)]
    [completed] = complete_task(open_task, CompleteTask("t-1", "дозвонились"))
    assert completed == TaskCompleted("t-1", "c-1", "дозвонились")
    with pytest.raises(TaskAlreadyCompleted):
        complete_task(evolve(open_task, completed), CompleteTask("t-1"))
