from services.notifications.domain.webhook_masks import mask_data

DATA = {
    "name": "Кравцов",
    "phones": [{"as_given": "8 916 123-45-67", "e164": "+79161234567"}],
    "after": {"emails": [{"address": "info@romashka.example", "valid": True}], "city": "Тверь"},
    "address": "info@romashka.example",
}


def test_without_masks_everything_is_seen():
    assert mask_data(DATA, ()) == DATA


def test_masked_kinds_are_seen_in_part_at_any_depth():
    seen = mask_data(DATA, ("email", "phone"))
    assert "info@" not in str(seen)
    assert "916" not in str(seen)
    assert (seen["name"], seen["after"]["city"]) == ("Кравцов", "Тверь")
    assert seen["after"]["emails"][0]["valid"] is True


def test_one_kind_is_masked_without_the_other():
    seen = mask_data(DATA, ("phone",))
    assert "916" not in str(seen)
    assert seen["address"] == "info@romashka.example"
