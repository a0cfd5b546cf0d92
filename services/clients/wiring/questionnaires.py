"""Questionnaires and answers: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import questionnaires as handlers
from services.clients.queries.questionnaires import ANSWERS, QUESTIONNAIRES
from services.clients.schemas import questionnaires as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "add_questionnaire": CommandSpec(
        schemas.AddQuestionnaireSchema, handlers.add_questionnaire, answer="get_questionnaire", changes=False
    ),
    "change_questionnaire": CommandSpec(
        schemas.ChangeQuestionnaireSchema, handlers.change_questionnaire, answer="get_questionnaire"
    ),
    "answer_questionnaire": CommandSpec(
        schemas.AnswerQuestionnaireSchema,
        handlers.answer_questionnaire,
        answer="get_questionnaire_answer",
        changes=False,
    ),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_questionnaire": one(schemas.GetQuestionnaireSchema, QUESTIONNAIRES, schemas.QuestionnaireView),
    "list_questionnaire_history": history(schemas.GetQuestionnaireSchema, QUESTIONNAIRES),
    "list_questionnaires": many(schemas.ListQuestionnairesSchema, QUESTIONNAIRES, schemas.QuestionnaireView),
    "get_questionnaire_answer": one(schemas.GetQuestionnaireAnswerSchema, ANSWERS, schemas.QuestionnaireAnswerView),
    "list_questionnaire_answer_history": history(schemas.GetQuestionnaireAnswerSchema, ANSWERS),
    "list_questionnaire_answers": many(
        schemas.ListQuestionnaireAnswersSchema, ANSWERS, schemas.QuestionnaireAnswerView
    ),
}
