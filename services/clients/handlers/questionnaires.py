"""Questionnaires and answers: load, decide, append."""

from services.clients.commands.questionnaires import AddQuestionnaire, AnswerQuestionnaire, ChangeQuestionnaire
from services.clients.domain import questionnaire as questionnaires
from services.clients.handlers.aggregates import ANSWER, CLIENT, INTERACTION, QUESTIONNAIRE
from services.clients.handlers.clients import not_forgotten, seen_client, standing_for
from services.clients.handlers.contacts import seen_contact
from services.kernel.clock import from_iso, to_iso
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.store.aggregates import load


class QuestionnaireExists(Refusal):
    ru = "Опросник с кодом «{code}» уже есть"
    en = "There is a questionnaire {code} already"


class UnknownQuestionnaire(Refusal):
    status = 422
    ru = "Опросника «{code}» нет"
    en = "There is no questionnaire {code}"


class UnknownInteraction(Refusal):
    status = 422
    ru = "Взаимодействия {interaction_id} с этим клиентом нет"
    en = "There is no interaction {interaction_id} with this client"


def add_questionnaire(tools: Tools, command: AddQuestionnaire, context: Context) -> Written:
    if tools.exists(QUESTIONNAIRE, command.code):
        raise QuestionnaireExists.on("code", code=command.code)
    events = questionnaires.add_questionnaire(command)
    return tools.append(context, tools.begin(QUESTIONNAIRE, command.code), events)


def change_questionnaire(tools: Tools, command: ChangeQuestionnaire, context: Context) -> Written:
    loaded = tools.load(QUESTIONNAIRE, command.code, context)
    return tools.append(context, loaded, questionnaires.change_questionnaire(loaded.state, command))


def answer_questionnaire(tools: Tools, command: AnswerQuestionnaire, context: Context) -> Written:
    try:
        asked = load(tools.store, QUESTIONNAIRE, command.questionnaire).state
    except NotFound as missing:
        raise UnknownQuestionnaire.on("questionnaire", code=command.questionnaire) from missing
    client = standing_for(tools, seen_client(tools, "client_id", command.client_id, context).state)
    if command.contact_id is not None:
        seen_contact(tools, "contact_id", command.contact_id, context)
    if command.interaction_id is not None and _client_of(tools, command.interaction_id) != client.id:
        raise UnknownInteraction.on("interaction_id", interaction_id=command.interaction_id)
    [answered] = events = questionnaires.answer_questionnaire(asked, command, to_iso(context.now))
    return tools.append(
        context,
        tools.begin(ANSWER, command.answer_id),
        events,
        also=[not_forgotten(tools, command.client_id)],
        occurred_at=from_iso(answered.answered_at),
    )


def _client_of(tools: Tools, interaction_id: str) -> str | None:
    """The client that an interaction was with, under the id it has now."""
    if not tools.exists(INTERACTION, interaction_id):
        return None
    with_whom = load(tools.store, INTERACTION, interaction_id).state.client_id
    return standing_for(tools, load(tools.store, CLIENT, with_whom).state).id
