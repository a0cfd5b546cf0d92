import pytest

from services.deals.domain.pipeline import DEFAULT, PIPELINES, UnknownPipeline, pipeline_of


def test_the_default_pipeline_has_the_stages_that_outside_checks_rely_on():
    names = ["new", "qualified", "offer", "contract", "fulfilment", "payment", "won", "lost"]
    assert [stage.name for stage in pipeline_of("default").stages] == names
    assert all(stage.ru for stage in DEFAULT.stages)


@pytest.mark.parametrize("pipeline", PIPELINES.values(), ids=lambda pipeline: pipeline.name)
def test_every_pipeline_begins_ends_and_waits_in_stages_of_its_own(pipeline):
    assert all(
        pipeline.has(stage) for stage in (pipeline.first, pipeline.won, pipeline.lost, pipeline.awaiting_payment)
    )
    assert pipeline.closes(pipeline.won)
    assert pipeline.closes(pipeline.lost)
    assert not pipeline.closes(pipeline.first)
    assert not pipeline.has("nonsense")


def test_an_unknown_pipeline_is_refused():
    with pytest.raises(UnknownPipeline):
        pipeline_of("nonsense")
