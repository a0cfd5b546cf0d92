"""Forms on sites: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers.leads import forms as handlers
from services.clients.queries.lead_forms import LEAD_FORMS, get_form_door
from services.clients.schemas.leads import forms as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "add_lead_form": CommandSpec(
        schemas.AddLeadFormSchema, handlers.add_lead_form, answer="get_lead_form", changes=False
    ),
    "change_lead_form": CommandSpec(schemas.ChangeLeadFormSchema, handlers.change_lead_form, answer="get_lead_form"),
    "submit_lead_form": CommandSpec(schemas.SubmitLeadFormSchema, handlers.submit_lead_form, changes=False),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_lead_form": one(schemas.GetLeadFormSchema, LEAD_FORMS, schemas.LeadFormView),
    "list_lead_form_history": history(schemas.GetLeadFormSchema, LEAD_FORMS),
    "list_lead_forms": many(schemas.ListLeadFormsSchema, LEAD_FORMS, schemas.LeadFormView),
    "get_form_door": QuerySpec(schemas.GetFormDoorSchema, get_form_door, schemas.FormDoorView),
}
