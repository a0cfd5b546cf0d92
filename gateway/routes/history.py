"""What changed in each resource, and the causes of what happened."""

from gateway.routing import Route


def _history(one: str, service: str, call: str, tag: str = "") -> Route:
    """Who may read a resource may read its history."""
    tag = tag or one.split("/")[2]
    return Route(
        "GET",
        f"{one}/history",
        "list",
        service,
        call,
        f"{tag}.read",
        tag,
        "What changed, when, by whom, with which key and why",
    )


ROUTES = (
    _history("/v1/clients/{client_id}", "clients", "list_client_history"),
    _history("/v1/vip-managers/{user_id}", "clients", "list_vip_manager_history", "clients"),
    _history("/v1/contacts/{contact_id}", "clients", "list_contact_history"),
    _history("/v1/interactions/{interaction_id}", "clients", "list_interaction_history"),
    _history("/v1/consents/{consent_id}", "clients", "list_consent_history"),
    _history("/v1/leads/{lead_id}", "clients", "list_lead_history"),
    _history("/v1/lead-rules/{rule_id}", "clients", "list_lead_rule_history", "settings"),
    _history("/v1/lead-forms/{form_id}", "clients", "list_lead_form_history", "settings"),
    _history("/v1/questionnaires/{code}", "clients", "list_questionnaire_history", "settings"),
    _history("/v1/questionnaire-answers/{answer_id}", "clients", "list_questionnaire_answer_history", "interactions"),
    _history("/v1/attachments/{attachment_id}", "clients", "list_attachment_history"),
    _history("/v1/erasures/{erasure_id}", "clients", "list_erasure_history"),
    _history("/v1/tasks/{task_id}", "clients", "list_task_history"),
    _history("/v1/operations/{operation_id}", "clients", "list_operation_history"),
    _history("/v1/dictionary-entries/{entry_id}", "clients", "list_dictionary_entry_history", "settings"),
    _history("/v1/client-fields/{code}", "clients", "list_client_field_history", "settings"),
    _history("/v1/deals/{deal_id}", "deals", "list_deal_history"),
    _history("/v1/organisations/{organisation_id}", "documents", "list_organisation_history"),
    _history("/v1/documents/{document_id}", "documents", "list_document_history"),
    _history("/v1/payments/{payment_id}", "documents", "list_payment_history"),
    _history("/v1/messages/{message_id}", "notifications", "list_message_history"),
    _history("/v1/webhooks/{webhook_id}", "notifications", "list_webhook_history"),
    _history("/v1/notices/{notice_id}", "notifications", "list_notice_history"),
    _history("/v1/exports/{export_id}", "reporting", "list_export_history"),
    _history("/v1/users/{user_id}", "gateway", "list_user_history"),
    _history("/v1/api-keys/{key_id}", "gateway", "list_api_key_history"),
    _history("/v1/roles/{role_id}", "gateway", "list_role_history"),
    _history("/v1/teams/{team_id}", "gateway", "list_team_history"),
    Route(
        "GET",
        "/v1/trace/{event_id}",
        "get",
        "gateway",
        "get_trace",
        "events.read",
        "events",
        "What an event followed from and what followed from it, across services",
    ),
)
