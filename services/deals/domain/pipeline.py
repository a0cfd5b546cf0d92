"""Pipelines: the stages a deal goes through, in order."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.kernel.errors import Refusal


class UnknownPipeline(Refusal):
    status = 422
    ru = "Воронки «{pipeline}» нет"
    en = "There is no pipeline {pipeline}"


class UnknownStage(Refusal):
    status = 422
    ru = "Стадии «{stage}» в воронке «{pipeline}» нет"
    en = "There is no stage {stage} in pipeline {pipeline}"


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    ru: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`won` and `lost` end a deal; a deal in the stage `awaiting_payment` is won once it is paid."""

    name: str
    ru: str
    stages: tuple[Stage, ...]
    won: str = "won"
    lost: str = "lost"
    awaiting_payment: str = "payment"

    @property
    def first(self) -> str:
        return self.stages[0].name

    def closes(self, stage: str) -> bool:
        return stage in (self.won, self.lost)

    def has(self, stage: str) -> bool:
        return any(known.name == stage for known in self.stages)


DEFAULT = Pipeline(
    "default",
    "Продажи",
    (
        Stage("new", "Новая"),
        Stage("qualified", "Квалифицирована"),
        Stage("offer", "Предложение"),
        Stage("contract", "Договор"),
        Stage("fulfilment", "Исполнение"),
        Stage("payment", "Оплата"),
        Stage("won", "Выиграна"),
        Stage("lost", "Проиграна"),
    ),
)

PIPELINES: Mapping[str, Pipeline] = {DEFAULT.name: DEFAULT}


def pipeline_of(name: str) -> Pipeline:
    if name not in PIPELINES:
        raise UnknownPipeline.on("pipeline", pipeline=name)
    return PIPELINES[name]
