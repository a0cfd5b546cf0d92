"""One example of every public event, every field filled, in an order in which they may happen."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from gateway.events import RoleChanged, RoleFacts, TeamChanged, UserCreated, UserDeactivated, UserRoleChanged
from services.clients.commands.lead_forms import FormConsent, FormField
from services.clients.commands.leads import LeadConsent
from services.clients.commands.questionnaires import Question
from services.clients.commands.tasks import Repeat
from services.clients.events.attachments import AttachmentRemoved, FileAttached, LinkAttached
from services.clients.events.clients import (
    ClientAssigned,
    ClientChanged,
    ClientChecked,
    ClientCreated,
    ClientRestored,
    ClientWithdrawn,
    Email,
    Phone,
)
from services.clients.events.consents import ConsentGiven, ConsentRevoked
from services.clients.events.contacts import (
    ContactChanged,
    ContactCreated,
    ContactLinked,
    ContactUnlinked,
)
from services.clients.events.dictionaries import (
    ClientFieldAdded,
    ClientFieldChanged,
    DictionaryEntryAdded,
    DictionaryEntryChanged,
)
from services.clients.events.erasures import ErasureRequested, PersonalDataErased
from services.clients.events.interactions import (
    ComplaintResolved,
    InteractionCancelled,
    InteractionChanged,
    InteractionCompleted,
    InteractionPlanned,
)
from services.clients.events.lead_forms import LeadFormAdded, LeadFormChanged
from services.clients.events.leads import (
    LeadAssigned,
    LeadCaptured,
    LeadConverted,
    LeadDealFailed,
    LeadDealOpened,
    LeadRejected,
    LeadRuleAdded,
    LeadRuleChanged,
    LeadTaken,
)
from services.clients.events.merges import ClientsMerged, ClientsUnmerged
from services.clients.events.operations import HandOverReverted, HandOverStarted
from services.clients.events.questionnaires import QuestionnaireAdded, QuestionnaireAnswered, QuestionnaireChanged
from services.clients.events.tasks import (
    TaskAssigned,
    TaskCancelled,
    TaskChanged,
    TaskCompleted,
    TaskFellOverdue,
    TaskReminderDue,
)
from services.clients.events.vips import ClientVipChanged, VipManagerDismissed, VipManagerNamed
from services.deals.commands import Line
from services.deals.events import (
    DealChanged,
    DealLost,
    DealOpened,
    DealPaid,
    DealPaymentChanged,
    DealStageChanged,
    DealWon,
)
from services.documents.commands import Allocation, Bank, Requisites
from services.documents.events import (
    AllocationCancelled,
    Buyer,
    DocumentRendered,
    InvoiceCancelled,
    InvoiceIssued,
    InvoicePaid,
    IssuedLine,
    OrganisationChanged,
    OrganisationCreated,
    PaymentAllocated,
    PaymentCancelled,
    PaymentOverdue,
    PaymentReceived,
)
from services.notifications.events import Attachment, MessageFailed, MessagePlanned, MessageSent, WebhookPaused
from services.reporting.events import (
    ExportCompleted,
    ExportDownloaded,
    ExportExpired,
    ExportFailed,
    ExportRequested,
)
from tests.contracts.valid import BANK, REQUISITES

OURS = Requisites(**{**REQUISITES, "bank": Bank(**BANK)})
LINE = Line("Стол переговорный", Decimal(2), Decimal("61.00"), vat_rate="22")
ISSUED, DUE, PAID, BACK = date(2026, 3, 2), date(2026, 3, 12), date(2026, 4, 2), date(2026, 4, 6)
TOTAL = Decimal("122.00")
DOCUMENT = {"document_id": "i-1", "number": "МС1", "client_id": "c-1", "deal_id": "d-1"}
LETTER = {"client_id": "c-1", "channel": "email", "template": "payment_overdue", "document_id": "i-1"}

UNTIL = datetime(2026, 4, 9, 10, tzinfo=UTC)

START = "2026-04-03T07:00:00.000000Z"

EXAMPLES: dict[str, Sequence[tuple[str, Any]]] = {
    "reporting": [
        (
            "export:e-1",
            ExportRequested(
                "e-1",
                "clients",
                "xlsx",
                "ru",
                "u-1",
                "k-1",
                "-name",
                ("name", "phones"),
                filter='city = "Тверь"',
                q="Кравцов",
            ),
        ),
        ("export:e-1", ExportCompleted("e-1", "clients", "xlsx", "u-1", 5017, 913_002, "0" * 64, UNTIL)),
        ("export:e-1", ExportDownloaded("e-1", "clients", "u-1")),
        ("export:e-1", ExportExpired("e-1", "clients")),
        ("export:e-2", ExportFailed("e-2", "deals", "u-1", "not-allowed")),
    ],
    "gateway": [
        (
            "user:u-1",
            UserCreated("u-1", "sales_manager", name="Петров Алексей Ильич", email="petrov@salon-ps.example"),
        ),
        ("user:u-1", UserDeactivated("u-1")),
        (
            "role:night_clerk",
            RoleChanged(
                "night_clerk",
                after=RoleFacts("Ночной оператор", ("clients.read",), {"clients": "all"}, ("phone",)),
                before=RoleFacts("Ночной оператор", ("clients.read",), {"clients": "own"}, ("email", "phone")),
            ),
        ),
        ("team:t-1", TeamChanged("t-1", "Салон на Образцовой", ("u-1", "u-2"), "Салон", ("u-1",))),
        ("user:u-2", UserRoleChanged("u-2", "sales_manager", "head_of_sales")),
    ],
    "clients": [
        (
            "client:c-1",
            ClientCreated(
                client_id="c-1",
                kind="sole_trader",
                verified=True,
                kpp="",
                city="Москва",
                source="Выставка",
                manager_id="u-1",
                name="ИП Кравцов Илья Никитич",
                full_name="Индивидуальный предприниматель Кравцов Илья Никитич",
                inn="500100732259",
                ogrn="304500116000157",
                phones=(Phone("8 (495) 123-45-67", "+74951234567"),),
                emails=(Email("info@romashka.example"),),
                contact_person="Кравцов Илья Никитич",
                address="г. Москва, ул. Примерная, д. 1",
                note="звонить до 18-00",
                details={"industry": "it", "potential": "1500000.00"},
                personal_details={"interests": ["офисная мебель"], "custom": {"employees": 5}},
            ),
        ),
        (
            "client:c-1",
            ClientChanged(
                "c-1",
                ("city", "emails", "name"),
                before={"city": "Москва"},
                after={"city": "Тверь"},
                personal_before={"emails": (Email("info@romashka.example"),), "name": "ИП Кравцов Илья Никитич"},
                personal_after={"emails": (Email("kravtsov@romashka.example"),), "name": "ИП Кравцов И. Н."},
                before_of="c-1",
                after_of="c-1",
            ),
        ),
        ("client:c-1", ClientAssigned("c-1", manager_before="u-1", manager_after="u-2")),
        (
            "task:t-1",
            TaskAssigned(
                "t-1",
                "c-1",
                "i-1",
                "u-2",
                date(2026, 4, 3),
                title="Связаться с клиентом",
                interaction_id="v-1",
                due_at=START,
                deadline=START,
                project="Новый офис",
                reminders=("2026-04-03T06:00:00.000000Z",),
                remind_minutes=(60,),
                repeat=Repeat("month", date(2027, 4, 3)),
                repeats="t-0",
                lead_id="l-1",
                author_id="u-1",
            ),
        ),
        ("task:t-1", TaskCompleted("t-1", "c-1", result="обещал оплатить")),
        ("client:c-1", ClientChecked("c-1")),
        (
            "dictionary_entry:industries.it",
            DictionaryEntryAdded("industries", "it", "Информационные технологии", "services"),
        ),
        (
            "dictionary_entry:industries.it",
            DictionaryEntryChanged("industries", "it", {"name": "Информационные технологии"}, {"name": "ИТ"}),
        ),
        (
            "client_field:employees",
            ClientFieldAdded("employees", "Количество сотрудников", "number", "special", "", custom=True),
        ),
        ("client_field:employees", ClientFieldChanged("employees", {"hidden": False}, {"hidden": True})),
        (
            "contact:k-1",
            ContactCreated("k-1", "u-1", {"name": "Кравцов Илья Никитич", "birthday": "1980-05-17"}),
        ),
        (
            "contact:k-1",
            ContactChanged("k-1", ("note",), "u-1", "u-2", {"note": "звонить утром"}, {"note": "звонить вечером"}),
        ),
        ("contact:k-1", ContactLinked("k-1", "c-1", "director", True, date(2026, 1, 12), position="Директор")),
        ("contact:k-1", ContactUnlinked("k-1", "c-1", date(2026, 1, 12), date(2026, 4, 3))),
        (
            "interaction:v-1",
            InteractionPlanned(
                "v-1", "c-1", "complaint", START, "u-1", {"important": True}, personal={"subject": "Сроки"}
            ),
        ),
        (
            "interaction:v-1",
            InteractionChanged(
                "v-1",
                "c-1",
                before={"important": True},
                after={"important": False},
                personal_before={"subject": "Сроки"},
                personal_after={"subject": "Сроки и цены"},
            ),
        ),
        (
            "interaction:v-1",
            InteractionCompleted(
                "v-1", "c-1", "complaint", "u-1", {"satisfaction": 2}, personal={"agreements": "заменить стол"}
            ),
        ),
        ("interaction:v-1", ComplaintResolved("v-1", "c-1", resolution="стол заменён")),
        ("interaction:v-2", InteractionCancelled("v-2", "c-1", reason="перенесли")),
        (
            "task:t-1",
            TaskChanged(
                "t-1",
                "c-1",
                before={"assignee_id": "u-2"},
                after={"assignee_id": "u-1"},
                personal_before={"title": "Связаться с клиентом"},
                personal_after={"title": "Позвонить клиенту"},
            ),
        ),
        ("task:t-1", TaskCancelled("t-1", "c-1", reason="не нужно")),
        ("task:t-1", TaskFellOverdue("t-1", "c-1", "u-2", START)),
        (
            "task:t-1",
            TaskReminderDue("t-1", "c-1", "u-2", date(2026, 4, 3), START, START, title="Связаться с клиентом"),
        ),
        ("erasure:c-9", ErasureRequested("c-9", "client", "c-9", whole=True, reason="отозвал согласие")),
        ("erasure:c-9", PersonalDataErased("c-9", "client", "c-9", whole=True)),
        (
            "consent:c-1.marketing.email",
            ConsentGiven(
                "c-1.marketing.email", "client", "c-1", "marketing", "email", "2026-01", "сайт", START, proof="адрес"
            ),
        ),
        (
            "consent:c-1.marketing.email",
            ConsentRevoked("c-1.marketing.email", "client", "c-1", "marketing", "email", "ссылка в письме"),
        ),
        ("client:c-1", ClientsMerged("c-1", "c-2", ("c-2", "c-3"), ("address", "phones"))),
        ("client:c-1", ClientsUnmerged("c-1", "c-2", ("c-2", "c-3"), ("phones",), ("address",))),
        (
            "lead:l-1",
            LeadCaptured(
                "l-1",
                "recommendation",
                "form",
                "c-2",
                "f-1",
                ("c-1",),
                {"campaign": "весна"},
                name="Лосева Мария",
                company="ООО «Дуб»",
                inn="7799101370",
                phones=(Phone("8 916 123-45-68", "+79161234568"),),
                emails=(Email("loseva@romashka.example"),),
                links=({"kind": "telegram", "value": "@loseva"},),
                wants="кухня из дуба",
                page="https://salon-ps.example/kitchens",
                answers={"Площадь": "12 м²"},
                consents=(LeadConsent("marketing", "email", "2026-01", START, "адрес"),),
            ),
        ),
        ("lead:l-1", LeadAssigned("l-1", "u-1", "u-2", "t-1")),
        ("lead:l-1", LeadTaken("l-1", "u-2")),
        ("lead:l-1", LeadRejected("l-1", "recommendation", "not_reached", comment="не отвечает")),
        ("lead:l-1", LeadConverted("l-1", "c-1", True, "recommendation", "u-2", True, deal_title="Кухня")),
        ("lead:l-1", LeadDealFailed("l-1", "c-1", "gave-up")),
        ("lead:l-1", LeadDealOpened("l-1", "c-1", "d-1", "recommendation")),
        ("lead_rule:default", LeadRuleAdded("default", ("u-1", "u-2"), True, 30)),
        ("lead_rule:default", LeadRuleChanged("default", {"contact_minutes": 30}, {"contact_minutes": 15})),
        (
            "lead_form:f-1",
            LeadFormAdded(
                "f-1",
                "a-token",
                "Заявка на кухню",
                "search_ads",
                "form",
                (FormField("phone", required=True),),
                ("https://salon-ps.example",),
                FormConsent("marketing", ("email",), "2026-01"),
                "https://salon-ps.example/thanks",
                "website",
            ),
        ),
        ("lead_form:f-1", LeadFormChanged("f-1", {"active": True}, {"active": False})),
        ("client:c-1", ClientVipChanged("c-1", vip=True)),
        ("vip_manager:u-1", VipManagerNamed("u-1")),
        ("vip_manager:u-1", VipManagerDismissed("u-1")),
        ("client:c-1", ClientWithdrawn("c-1")),
        ("client:c-1", ClientRestored("c-1")),
        (
            "questionnaire:survey",
            QuestionnaireAdded(
                "survey",
                "Оценка удовлетворённости",
                (
                    Question("advertising", "Где нас видели?", "choices", False, ("Сайт", "Улица")),
                    Question("satisfied", "Насколько вы довольны?", "scale", True, (), 1, 10),
                ),
                "satisfied",
            ),
        ),
        ("questionnaire:survey", QuestionnaireChanged("survey", 2, {"rated_by": "satisfied"}, {"rated_by": ""})),
        (
            "questionnaire_answer:a-1",
            QuestionnaireAnswered(
                "a-1",
                "survey",
                1,
                "c-1",
                START,
                8,
                "k-1",
                "i-1",
                "d-1",
                answers={"advertising": ["Сайт"], "satisfied": 8},
            ),
        ),
        (
            "attachment:a-1",
            FileAttached(
                "a-1", "interaction", "i-1", "c-1", "c-1", "9f" * 32, 9, "application/pdf", file_name="Протокол.pdf"
            ),
        ),
        ("attachment:a-1", AttachmentRemoved("a-1", "interaction", "i-1", "c-1", "c-1", "9f" * 32)),
        (
            "attachment:a-2",
            LinkAttached("a-2", "client", "c-1", "c-1", "c-1", url="https://salon-ps.example/k", title="Каталог"),
        ),
        ("operation:o-1", HandOverStarted("o-1", "u-3", 42, "u-1", "u-2", "0" * 64)),
        ("operation:o-1", HandOverReverted("o-1", "o-2", "u-2", "u-1")),
    ],
    "deals": [
        (
            "deal:d-1",
            DealOpened(
                "d-1", "c-1", "default", "new", (LINE,), TOTAL, "RUB", "o-1", "u-1", "Сайт", title="Мебель на 12 мест"
            ),
        ),
        (
            "deal:d-1",
            DealChanged(
                "d-1",
                "c-1",
                ("lines", "title"),
                before={"lines": ()},
                after={"lines": (LINE,)},
                amount=TOTAL,
                title_before="Мебель на 12 мест",
                title_after="Мебель для переговорной",
            ),
        ),
        (
            "deal:d-1",
            DealStageChanged("d-1", "c-1", "default", "new", "payment", TOTAL, "RUB", reason="согласовано"),
        ),
        (
            "deal:d-1",
            DealPaymentChanged("d-1", "c-1", "i-1", 4, before=Decimal("0.00"), after=TOTAL, paid=TOTAL, currency="RUB"),
        ),
        ("deal:d-1", DealPaid("d-1", "c-1", "i-1", TOTAL, "RUB")),
        ("deal:d-1", DealWon("d-1", "c-1", TOTAL, "RUB")),
        ("deal:d-2", DealLost("d-2", "c-1", Decimal("5.00"), "RUB", reason="дорого")),
    ],
    "documents": [
        ("organisation:o-1", OrganisationCreated("o-1", OURS)),
        ("organisation:o-1", OrganisationChanged("o-1", before=OURS, after=OURS)),
        (
            "document:i-1",
            InvoiceIssued(
                **DOCUMENT,
                organisation_id="o-1",
                date=ISSUED,
                due_date=DUE,
                seller=OURS,
                lines=(
                    IssuedLine(
                        LINE.name,
                        LINE.unit,
                        LINE.quantity,
                        LINE.price,
                        "22",
                        Decimal("100.00"),
                        Decimal("22.00"),
                        TOTAL,
                    ),
                ),
                price_includes_vat=True,
                net=Decimal("100.00"),
                vat=Decimal("22.00"),
                total=TOTAL,
                currency="RUB",
                basis="clients:1",
                buyer=Buyer("ИП Кравцов Илья Никитич", "500100732259", "", "г. Москва"),
            ),
        ),
        ("document:i-1", DocumentRendered("i-1", "0" * 64, 22_252)),
        (
            "document:i-1",
            PaymentOverdue(
                **DOCUMENT,
                organisation_id="o-1",
                date=ISSUED,
                due_date=DUE,
                days=20,
                amount=TOTAL,
                currency="RUB",
            ),
        ),
        (
            "payment:p-1",
            PaymentReceived(
                "p-1",
                "c-1",
                PAID,
                Decimal("130.00"),
                "RUB",
                (Allocation("i-1", TOTAL),),
                Decimal("8.00"),
                "o-1",
                purpose="Оплата по счёту № МС1",
            ),
        ),
        (
            "document:i-1",
            PaymentAllocated("i-1", "p-1", "c-1", PAID, TOTAL, Decimal("0.00"), "d-1", paid=TOTAL, currency="RUB"),
        ),
        ("document:i-1", InvoicePaid(**DOCUMENT, date=PAID, amount=TOTAL, currency="RUB")),
        (
            "payment:p-1",
            PaymentCancelled(
                "p-1",
                "c-1",
                "o-1",
                BACK,
                Decimal("130.00"),
                "RUB",
                (Allocation("i-1", TOTAL),),
                reason="Возврат: платёж пришёл по ошибке",
            ),
        ),
        (
            "document:i-1",
            AllocationCancelled(
                "i-1", "p-1", "c-1", BACK, TOTAL, open=TOTAL, deal_id="d-1", paid=Decimal("0.00"), currency="RUB"
            ),
        ),
        (
            "document:i-1",
            InvoiceCancelled(
                **DOCUMENT, organisation_id="o-1", date=BACK, total=TOTAL, currency="RUB", reason="Заказ отменён"
            ),
        ),
    ],
    "notifications": [
        (
            "message:m-1",
            MessagePlanned(
                "m-1",
                **LETTER,
                facts={"number": "МС1", "date": "2026-03-02", "due_date": "2026-03-12", "amount": "122.00"},
                attachments=(Attachment("documents", "0" * 64, "Счёт № МС1.pdf", "application/pdf", 22_252),),
                address="info@romashka.example",
                recipient="Кравцов Илья Никитич",
            ),
        ),
        ("message:m-1", MessageSent("m-1", **LETTER, attempt=1)),
        ("message:m-2", MessageFailed("m-2", **LETTER, reason="address-refused")),
        ("webhook:w-1", WebhookPaused("w-1", "u-1", "failing")),
    ],
}
