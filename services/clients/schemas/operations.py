"""The edge of operations: what begins and directs them, and how they are seen."""

from base64 import b64decode
from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.operations import (
    EXISTING,
    AssignClients,
    Chosen,
    DestroyFailedRows,
    EditClients,
    HandOver,
    ResumeOperation,
    RevertOperation,
    StartImport,
    StopOperation,
)
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Flag, Id, Text
from services.kernel.validation import NothingToChange, Wrong

KINDS = ("import", "edit", "hand_over", "revert")
STATES = ("running", "stopping", "stopped", "completed", "failed")
OUTCOMES = ("created", "duplicate", "refused", "changed", "unchanged", "gone", "reverted", "conflict", "handed_over")
WHATS = ("client", "contact", "interaction", "lead", "task")
MOST_IDS = 10_000


class Base64(Text):
    """Bytes, as they travel inside JSON."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return b64decode(super()._deserialize(value, attr, data, **kwargs), validate=True)
        except ValueError as error:
            raise Wrong("not-base64", "Должен быть Base64", "Must be Base64") from error


class StartImportSchema(CommandSchema):
    command = StartImport

    content = Base64(28 * 2**20, required=True)
    file_name = Text(200)
    columns = ma.fields.Dict(
        keys=Text(200, lines=True), values=Text(50, allow_none=True), validate=validate.Length(max=200)
    )
    existing = ma.fields.String(
        validate=validate.OneOf(EXISTING),
        metadata={"description": "What is done with a client that is in the base already; nothing by default"},
    )
    source = Text(100, metadata={"description": "The source of clients whose row names none"})
    dry_run = Flag(metadata={"description": "Say what would become of each row, and write nothing"})


class ProposeImportSchema(ma.Schema):
    content = Base64(28 * 2**20, required=True)


class ProposedColumnView(ma.Schema):
    heading = ma.fields.String(required=True)
    field = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Without one, what stands there goes to the note"}
    )
    samples = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "Of the first rows"})


class ProposedImportView(ma.Schema):
    total = ma.fields.Integer(required=True)
    columns = ma.fields.List(ma.fields.Nested(ProposedColumnView), required=True)
    fields_ = ma.fields.List(
        ma.fields.String(), required=True, data_key="fields", metadata={"description": "All that a column can mean"}
    )


class ChosenSchema(CommandSchema):
    """Clients by their ids, as a list is asked for them, or those of the ids that such a list shows."""

    client_ids = ma.fields.List(Id(), validate=validate.Length(1, MOST_IDS))
    filter = Text(2000, min_length=1, metadata={"description": "As a list of clients takes it"})
    q = Text(200, min_length=1)

    def chosen(self, data: dict[str, Any]) -> Chosen:
        ids, asked = tuple(data.pop("client_ids", ())), (data.pop("filter", ""), data.pop("q", ""))
        if not ids and not any(asked):
            ru, en = "Нужны client_ids, filter или q", "client_ids, filter or q is required"
            raise Wrong("choose-clients", ru, en)
        return Chosen(ids, *asked)


class EditClientsSchema(ChosenSchema):
    command = EditClients

    city = Text(100)
    source = Text(100)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> EditClients:
        chosen = self.chosen(data)
        if not data:
            raise NothingToChange
        return EditClients(chosen, data)


class AssignClientsSchema(ChosenSchema):
    command = AssignClients

    manager_id = Id(required=True, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> AssignClients:
        return AssignClients(self.chosen(data), data["manager_id"])


class StopOperationSchema(CommandSchema):
    command = StopOperation

    operation_id = Id(required=True)


class ResumeOperationSchema(CommandSchema):
    command = ResumeOperation

    operation_id = Id(required=True)


class HandOverSchema(CommandSchema):
    command = HandOver

    user_id = Id(required=True, metadata={"description": "Who has it in hand; he may be deactivated already"})
    successor_id = Id(required=True)


class DestroyFailedRowsSchema(CommandSchema):
    command = DestroyFailedRows

    operation_id = Id(required=True)


class FailedRowsView(ma.Schema):
    hash = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    rows = ma.fields.Integer(required=True)
    file_name = ma.fields.String(required=True, metadata={"description": "Of the table that was imported"})


class RevertOperationSchema(CommandSchema):
    command = RevertOperation

    operation_id = Id(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RevertOperation:
        return RevertOperation(reverts=data["operation_id"])


class RowProblemView(ma.Schema):
    column = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    ru = ma.fields.String(required=True)
    en = ma.fields.String(required=True)


class OperationView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    state = ma.fields.String(required=True, validate=validate.OneOf(STATES))
    total = ma.fields.Integer(required=True, metadata={"description": "0 as long as a large file is being read"})
    done = ma.fields.Integer(required=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    started_by = ma.fields.String(required=True)
    started_at = ma.fields.AwareDateTime(required=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    file_name = ma.fields.String(required=True, metadata={"description": "Of an import"})
    existing = ma.fields.String(required=True, allow_none=True, validate=validate.OneOf(EXISTING))
    dry_run = ma.fields.Boolean(required=True)
    problems = ma.fields.List(
        ma.fields.Nested(RowProblemView), required=True, metadata={"description": "Why it failed, for want of a table"}
    )
    failed_rows = ma.fields.Integer(
        required=True,
        metadata={"description": "Rows of an import that were not taken in, as long as their file is kept"},
    )
    failed_rows_until = ma.fields.AwareDateTime(required=True, allow_none=True)
    changes = ma.fields.Dict(required=True, metadata={"description": "What an edit gives every client"})
    user_id = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Of a hand-over: who had it in hand"}
    )
    successor_id = ma.fields.String(required=True, allow_none=True)
    reverts = ma.fields.String(required=True, allow_none=True, metadata={"description": "The operation it undoes"})
    reverted_by = ma.fields.String(required=True, allow_none=True)


class OperationRowView(ma.Schema):
    row = ma.fields.Integer(required=True)
    outcome = ma.fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    client_id = ma.fields.String(required=True, allow_none=True)
    what = ma.fields.String(
        required=True,
        validate=validate.OneOf(WHATS),
        metadata={"description": "What `subject_id` is: of a hand-over not only clients"},
    )
    subject_id = ma.fields.String(required=True, allow_none=True)
    problems = ma.fields.List(ma.fields.Nested(RowProblemView), required=True)
    before = ma.fields.Integer(
        required=True, metadata={"description": "Its version before it was changed; 0 where it was not"}
    )
    after = ma.fields.Integer(required=True)


class GetOperationSchema(ma.Schema):
    operation_id = Id(required=True)


class ListOperationsSchema(ResourceListSchema):
    kind = ma.fields.String(validate=validate.OneOf(KINDS))
    state = ma.fields.String(validate=validate.OneOf(STATES))


class ListOperationRowsSchema(ResourceListSchema):
    operation_id = Id(required=True)


class HandOverEventSchema(EventSchema):
    operation_id = ma.fields.String(required=True)
    user_id = ma.fields.String(required=True)
    successor_id = ma.fields.String(required=True)


class HandOverStartedSchema(HandOverEventSchema):
    started_by = ma.fields.String(required=True)
    total = ma.fields.Integer(required=True)
    pieces_hash = ma.fields.String(required=True)


class HandOverRevertedSchema(HandOverEventSchema):
    reverted_by = ma.fields.String(required=True)
