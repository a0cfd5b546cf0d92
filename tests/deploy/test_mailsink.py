import mailbox
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest

from deploy.reestr.ports import answers, free_ports


@pytest.fixture
def sink(tmp_path):
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "deploy.reestr.mailsink", f"--port={port}", f"--maildir={tmp_path}/mail"]
    process = subprocess.Popen(command)
    while not answers(port):
        assert process.poll() is None
        time.sleep(0.05)
    yield port, tmp_path / "mail"
    process.terminate()
    assert process.wait(5) == 0


def test_a_letter_is_kept_whole_with_its_envelope(sink):
    port, folder = sink
    letter = EmailMessage()
    letter["Subject"] = "Напоминание об оплате"
    letter["From"], letter["To"] = "shop@example.ru", "client@example.ru"
    letter.set_content("Добрый день, Иван!\n")
    letter.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="счёт.pdf")
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.send_message(letter)
    (kept,) = mailbox.Maildir(folder, factory=None, create=False)
    assert kept["X-Envelope-To"] == "client@example.ru"
    parts = [part.get_payload(decode=True) for part in kept.walk() if not part.is_multipart()]
    assert parts == ["Добрый день, Иван!\n".encode(), b"%PDF-1.7"]
