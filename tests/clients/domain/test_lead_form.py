"""What a submission of a form comes to."""

import pytest

from services.clients.commands.lead_forms import FormConsent, FormField, SubmitLeadForm
from services.clients.domain.lead_form import LeadForm, read_submission, same_submission
from services.kernel.errors import Invalid

NOW = "2026-03-02T07:00:00.000000Z"
ASKS = (FormField("phone", required=True), FormField("email"), FormField("Площадь"))
FORM = LeadForm("f-1", "token", "Заявка", "search_ads", "form", ASKS, (), None, "", "website")
AGREED = LeadForm(
    **{**{name: getattr(FORM, name) for name in FORM.__slots__}, "consent": FormConsent("calls", ("phone", "sms"), "2")}
)


def sent(**values: str) -> SubmitLeadForm:
    return SubmitLeadForm("token", {"phone": "8 916 123-45-68", **values}, address="192.0.2.7")


def test_what_is_asked_is_read_and_what_is_not_is_passed_over():
    values = {"email": "a@b.example; c@d.example", "Площадь": "12", "name": "не спрашивали", "utm_term": "дуб"}
    lead = read_submission(FORM, sent(**values), NOW)
    assert lead.fields.phones == ("8 916 123-45-68",)
    assert lead.fields.emails == ("a@b.example", "c@d.example")
    assert (lead.fields.name, lead.fields.answers, lead.utm) == ("", {"Площадь": "12"}, {"term": "дуб"})
    assert (lead.source, lead.action, lead.form_id) == ("search_ads", "form", "f-1")


@pytest.mark.parametrize("given", ["on", "true", "1", "да"])
def test_a_consent_is_of_every_channel_at_this_time_with_where_it_came_from(given):
    consents = read_submission(AGREED, sent(consent=given), NOW).consents
    assert [(one.channel, one.text_version, one.given_at) for one in consents] == [
        ("phone", "2", NOW),
        ("sms", "2", NOW),
    ]
    assert "192.0.2.7" in consents[0].proof


@pytest.mark.parametrize("given", ["", "off", "false", "0", "нет"])
def test_without_a_consent_that_is_required_nothing_is_taken_in(given):
    with pytest.raises(Invalid) as refused:
        read_submission(AGREED, sent(consent=given), NOW)
    assert [error.field for error in refused.value.errors] == ["consent"]


def test_a_submission_is_known_by_its_key_or_by_all_that_it_holds():
    assert same_submission(FORM, sent(a="1", b="2")) == same_submission(FORM, sent(b="2", a="1"))
    assert same_submission(FORM, sent(a="1")) != same_submission(FORM, sent(a="2"))
    keyed = [SubmitLeadForm("token", {"phone": number}, key="k") for number in "12"]
    assert len({same_submission(FORM, one) for one in keyed}) == 1
