"""Tasks: load, decide, append."""

from dataclasses import replace
from datetime import date, timedelta

from services.clients.commands.tasks import (
    AssignTask,
    CancelTask,
    ChangeTask,
    CompleteTask,
    MarkTaskOverdue,
    RemindOfTask,
)
from services.clients.domain import task as tasks
from services.clients.domain.task import Times
from services.clients.handlers.aggregates import INTERACTION, TASK
from services.clients.handlers.clients import UnknownClient, existing_client, require_user, seen_client, standing_for
from services.kernel.clock import company_date, company_midnight, company_time_on, from_iso, to_iso
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import StreamEvents

MORNING = timedelta(hours=9)


class UnknownInteraction(Refusal):
    status = 422
    ru = "Взаимодействия {interaction_id} нет"
    en = "There is no interaction {interaction_id}"


def assign_task(tools: Tools, command: AssignTask, context: Context) -> Written:
    if command.interaction_id is not None:
        command = replace(command, client_id=_client_of(tools, command.interaction_id, command.client_id, context))
    if command.client_id is not None:
        existing_client(tools, command.client_id, context)
    require_user(tools, "assignee_id", command.assignee_id)
    if command.due_at is not None:
        command = replace(command, due_date=company_date(from_iso(command.due_at)))
    return tools.append(context, tools.begin(TASK, command.task_id), tasks.assign_task(command, timed))


def _client_of(tools: Tools, interaction_id: str, named: str | None, context: Context) -> str:
    """The client that an interaction was with, which the task is about too."""
    refusal = UnknownInteraction.on("interaction_id", interaction_id=interaction_id)
    try:
        client_id = load(tools.store, INTERACTION, interaction_id).state.client_id
        client = seen_client(tools, "interaction_id", client_id, context)
    except (NotFound, UnknownClient) as unseen:
        raise refusal from unseen
    if named is None:
        return client_id
    asked = seen_client(tools, "client_id", named, context)
    if standing_for(tools, asked.state).id != standing_for(tools, client.state).id:
        raise refusal
    return named


def change_task(tools: Tools, command: ChangeTask, context: Context) -> Written:
    loaded = tools.load(TASK, command.task_id, context)
    require_user(tools, "assignee_id", command.changes.get("assignee_id"))
    if due_at := command.changes.get("due_at"):
        command = replace(command, changes={**command.changes, "due_date": company_date(from_iso(due_at))})
    return tools.append(context, loaded, tasks.change_task(loaded.state, command, timed))


def complete_task(tools: Tools, command: CompleteTask, context: Context) -> Written:
    """One that repeats is followed by the next in the same append."""
    loaded = tools.load(TASK, command.task_id, context)
    done = tasks.complete_task(loaded.state, command)
    following = tasks.repeat_task(_by_author(tools, loaded), command.next_id, timed, same_time)
    also = [StreamEvents(TASK.stream(command.next_id), 0, following)] if following else []
    return tools.append(context, loaded, done, also=also)


def _by_author(tools: Tools, loaded: Loaded[tasks.Task]) -> tasks.Task:
    """The task with whose idea it was: who acted when the first of the series was assigned."""
    if loaded.state.author_id is not None:
        return loaded.state
    [first] = tools.store.read_stream_page(loaded.stream, 0, 1)
    return replace(loaded.state, author_id=first.actor)


def cancel_task(tools: Tools, command: CancelTask, context: Context) -> Written:
    loaded = tools.load(TASK, command.task_id, context)
    return tools.append(context, loaded, tasks.cancel_task(loaded.state, command))


def mark_task_overdue(tools: Tools, command: MarkTaskOverdue, context: Context) -> Written:
    loaded = tools.load(TASK, command.task_id, context)
    return tools.append(context, loaded, tasks.mark_task_overdue(loaded.state, command.deadline))


def remind_of_task(tools: Tools, command: RemindOfTask, context: Context) -> Written:
    loaded = tools.load(TASK, command.task_id, context)
    return tools.append(context, loaded, tasks.remind_of_task(loaded.state, command.remind_at))


def same_time(day: date, due_at: str) -> str:
    return to_iso(company_time_on(day, from_iso(due_at)))


def timed(due_date: date, due_at: str | None, remind_minutes: tuple[int, ...]) -> Times:
    """A task of a day is overdue when the day is over, and its reminders go ahead of that morning."""
    deadline = from_iso(due_at) if due_at else company_midnight(due_date + timedelta(days=1))
    begins = deadline if due_at else company_midnight(due_date) + MORNING
    ahead = sorted(begins - timedelta(minutes=minutes) for minutes in remind_minutes)
    return Times(to_iso(deadline), tuple(map(to_iso, ahead)))
