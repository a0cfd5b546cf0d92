"""The first sale, from a dirty list of clients to a paid invoice, through the public API only."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from examples.furniture.api import Api
from examples.furniture.integrator import Integrator

HERE = Path(__file__).parent
DATA: Mapping[str, Any] = json.loads((HERE / "story.json").read_text(encoding="utf-8"))
PATIENCE = 90.0


class StoryFailed(Exception):
    """What should have happened did not."""


def say(text: str) -> None:
    print(text, flush=True)


def wait_for(what: str, look: Callable[[], Any]) -> Any:
    """Looks until there is something, for a bounded time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.3)
    raise StoryFailed(f"waited {PATIENCE:.0f} s in vain for: {what}")


@dataclass(frozen=True, slots=True)
class Run:
    """One playing of the story. All its writes carry keys made of its number, so a run that
    was interrupted is finished by playing it again."""

    number: int
    day: date

    def key(self, step: str) -> str:
        return f"furniture-{self.number}-{step}"


class Notebook:
    """What was begun and what is finished, in a file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "story-runs.json"
        self._runs = json.loads(self._path.read_text()) if self._path.exists() else []

    def to_play(self) -> Iterator[Run]:
        """The unfinished run, if there is one, and a new one."""
        for entry in self._runs:
            if not entry["finished"]:
                yield Run(entry["number"], date.fromisoformat(entry["day"]))
        number = len(self._runs) + 1
        run = Run(number, date.today())  # noqa: DTZ011  # the day on the reader's wall
        self._runs.append({"number": number, "day": run.day.isoformat(), "finished": False})
        self._save()
        yield run

    def finish(self, run: Run) -> None:
        self._runs[run.number - 1]["finished"] = True
        self._save()

    def _save(self) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(self._runs, indent=1))
        fresh.replace(self._path)


class Story:
    def __init__(self, api: Api, folder: Path, run: Run) -> None:
        self.api, self.folder, self.run = api, folder, run
        self.told: dict[str, Any] = {"mails": [], "pdfs": []}

    def play(self, integrator: Integrator) -> dict[str, Any]:
        earlier = set(read_feed(self.api))
        self._company()
        self._import_clients()
        self._sell()
        self._invoice()
        self._overdue()
        self._pay()
        self._compare(integrator, earlier)
        return self.told

    def _company(self) -> None:
        organisation = self.api.post("/v1/organisations", DATA["organisation"], "furniture-organisation").body
        manager = self.api.post("/v1/users", DATA["manager"], "furniture-manager").body
        self.told |= {"organisation_id": organisation["id"], "manager_id": manager["id"]}
        say(f"Своя организация: {organisation['name']}, ИНН {organisation['inn']}")

    def _import_clients(self) -> None:
        content = (HERE / "clients.xlsx").read_bytes()
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        say(f"1. Импорт базы клиентов: clients.xlsx, {len(content)} байт")
        started = self.api.upload("/v1/imports", content, media, "furniture-clients")
        operation = started.body
        self.told["import_id"] = operation["id"]

        def done() -> Any:
            now = self.api.get(f"/v1/operations/{operation['id']}", min_position=started.position)
            return now if now["state"] in ("completed", "stopped") else None

        result = wait_for("the import", done)
        say(f"   строк {result['total']}: " + ", ".join(f"{k} {v}" for k, v in result["counts"].items()))
        rows = self.api.get(f"/v1/operations/{operation['id']}/rows", limit=500)["items"]
        for row in [r for r in rows if r["problems"]][:3]:
            say(f"   строка {row['row']}: {row['outcome']}: {row['problems'][0]['ru']}")

    def _sell(self) -> None:
        plan = DATA["sale"]
        client = self._client(plan)
        assigned = self.api.post(
            f"/v1/clients/{client['id']}/manager",
            {"manager_id": self.told["manager_id"]},
            self.run.key("assign"),
            client["version"],
        )
        say(f"2. Заявка от клиента {client['name']} (менеджер {DATA['manager']['name']})")
        self.told |= {"client_id": client["id"]}
        self.told["deal_id"] = self._deal("sale", plan, client["id"], assigned.position)
        other = DATA["lost_sale"]
        self._deal("lost", other, self._client(other)["id"], assigned.position)

    def _client(self, plan: Mapping[str, Any]) -> dict[str, Any]:
        found = wait_for("the client", lambda: self.api.get("/v1/clients", inn=plan["client_inn"])["items"])
        client: dict[str, Any] = found[0]
        return client

    def _deal(self, step: str, plan: Mapping[str, Any], client_id: str, position: str) -> str:
        body = {"client_id": client_id, "title": plan["title"], "lines": plan["lines"], "source": plan["source"]}
        path = "/v1/deals" + (f"?min_position={position}" if position else "")
        deal = self.api.post(path, body, self.run.key(f"{step}-open")).body
        say(f"   сделка «{plan['title']}» на {deal['amount']} ₽")
        version = deal["version"]
        for move in plan["stages"]:
            moved = self.api.post(
                f"/v1/deals/{deal['id']}/stage", move, self.run.key(f"{step}-{move['stage']}"), version
            )
            version = moved.body["version"]
            say(f"   → {move['stage']}" + (f" ({move['reason']})" if move.get("reason") else ""))
        return str(deal["id"])

    def _invoice(self) -> None:
        issued_on = self.run.day - timedelta(days=25)
        body = {
            "kind": "invoice",
            "deal_id": self.told["deal_id"],
            "organisation_id": self.told["organisation_id"],
            "date": issued_on.isoformat(),
            "due_date": (issued_on + timedelta(days=10)).isoformat(),
        }
        draft = self.api.post("/v1/documents", body, self.run.key("draft")).body
        path = f"/v1/documents/{draft['id']}"
        issued = self.api.post(f"{path}/issue", {}, self.run.key("issue"), draft["version"]).body
        say(f"3. Счёт № {issued['number']} от {issued['date']} на {issued['total']} ₽, в т. ч. НДС {issued['vat']}")
        wait_for("the PDF of the invoice", lambda: self.api.get(path)["pdf"])
        pdf = self.folder / f"invoice-{self.run.number}.pdf"
        pdf.write_bytes(self.api.download(f"{path}/pdf"))
        self.told |= {"invoice_id": draft["id"], "total": issued["total"]}
        self.told["pdfs"].append(str(pdf))
        say(f"   PDF: {pdf}")

    def _overdue(self) -> None:
        invoice = self.told["invoice_id"]
        wait_for("PaymentOverdue", lambda: self.api.get(f"/v1/documents/{invoice}")["overdue"])
        say("4. Срок оплаты прошёл: PaymentOverdue опубликовано")

        def sent() -> Any:
            messages = self.api.get("/v1/messages", document_id=invoice)["items"]
            return [m for m in messages if m["state"] == "sent"]

        [message] = wait_for("the reminder", sent)
        say(f"   напоминание ушло на {message['address']}: счёт и акт сверки приложены")
        self.told["message_id"] = message["id"]

        def task() -> Any:
            tasks = self.api.get("/v1/tasks", client_id=self.told["client_id"])["items"]
            return [t for t in tasks if t["document_id"] == invoice]

        [found] = wait_for("the manager's task", task)
        say(f"   задача менеджеру: {found['title']}")

    def _pay(self) -> None:
        allocation = {"document_id": self.told["invoice_id"], "amount": self.told["total"]}
        body = {
            "client_id": self.told["client_id"],
            "date": self.run.day.isoformat(),
            "amount": self.told["total"],
            "purpose": "Оплата по счёту",
            "allocations": [allocation],
        }
        payment = self.api.post("/v1/payments", body, self.run.key("payment"))
        self.told["payment_id"] = payment.body["id"]
        say(f"5. Оплата {payment.body['amount']} ₽ получена и разнесена")
        path = f"/v1/deals/{self.told['deal_id']}"
        deal = wait_for("the deal to be won", lambda: (d := self.api.get(path))["stage"] == "won" and d)
        say(f"   сделка: {deal['stage']}, оплачено {deal['paid']} ₽")
        receivables = self.api.get("/v1/reports/receivables", min_position=payment.position)["items"]
        say(f"   дебиторов: {len(receivables)}")
        for row in self.api.get("/v1/reports/funnel")["items"]:
            say(f"   {row['stage']:>12} {row['deals']:>3} {row['amount']:>14} ₽  дошли {row['conversion']}")
        timeline = self.api.get(f"/v1/clients/{self.told['client_id']}/timeline", limit=500)["items"]
        for row in timeline[-12:]:
            say(f"   {row['occurred_at'][:19]} {row['type']}")

    def _compare(self, integrator: Integrator, earlier: set[str]) -> None:
        """The subscriber and the reader of the feed must have the same events since it subscribed."""
        feed: dict[str, dict[str, Any]] = {}

        def same() -> bool:
            feed.update(read_feed(self.api))
            return feed.keys() - earlier <= integrator.heard.keys() <= feed.keys()

        wait_for("AMQP and the feed to bring the same events", same)
        say(f"6. AMQP принёс {len(integrator.heard)} событий, лента с первого события — {len(feed)}: одни и те же")
        self._causes(feed)

    def _causes(self, feed: Mapping[str, Mapping[str, Any]]) -> None:
        """From the letter back to the request."""
        [letter] = [e for e in feed.values() if e["type"] == "MessageSent" and e["subject"] == self.told["message_id"]]
        chain = [letter]
        while (cause := feed.get(chain[-1]["causationid"])) is not None:
            chain.append(cause)
        say("   от заявки до письма: " + " → ".join(event["type"] for event in reversed(chain)))
        self.told["chain"] = [event["type"] for event in reversed(chain)]


def read_feed(api: Api) -> dict[str, dict[str, Any]]:
    """All events there are, by id, from event one."""
    events: dict[str, dict[str, Any]] = {}
    page = api.get("/v1/events", limit=500)
    while page["items"]:
        events.update({event["id"]: event for event in page["items"]})
        page = api.get("/v1/events", limit=500, after=page["next"])
    return events


def topics_of(api: Api) -> list[str]:
    """The routing keys of all event types."""
    kinds = api.get("/v1/event-types")["items"]
    return [f"{kind['source'].rpartition('/')[2]}.{kind['type']}" for kind in kinds]


def mails_of(maildir: Path, message_id: str) -> list[str]:
    """The letters of one message: its id is in their Message-ID."""
    return [str(path) for path in sorted(maildir.glob("new/*")) if message_id.encode() in path.read_bytes()]


def play(address: str, key: str, folder: Path, amqp_url: str, maildir: Path) -> dict[str, Any]:
    """Finishes what was begun earlier, then plays a new request; what the last one made."""
    notebook = Notebook(folder)
    files = folder / "story"
    files.mkdir(exist_ok=True)
    told: dict[str, Any] = {}
    for run in notebook.to_play():
        api = Api(address, key)
        integrator = Integrator(amqp_url, f"ext.story.{run.number}.{os.getpid()}", topics_of(api))
        integrator.start()
        try:
            told = Story(api, files, run).play(integrator)
        finally:
            integrator.stop()
        told["mails"] = mails_of(maildir, told["message_id"])
        (folder / "story.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))
        notebook.finish(run)
    return told


def main() -> int:
    """Plays inside a network where the addresses come from the environment."""
    folder = Path(os.environ["STORY_FOLDER"])
    key = Path(os.environ["STORY_KEY_FILE"]).read_text().strip()
    try:
        play(os.environ["STORY_ADDRESS"], key, folder, os.environ["STORY_AMQP_URL"], Path(os.environ["STORY_MAIL"]))
    except StoryFailed as failure:
        say(f"Рассказ прерван: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
