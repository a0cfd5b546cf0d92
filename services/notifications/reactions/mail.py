"""Handing a letter to the mail server, as every letter goes."""

from email.message import EmailMessage

from services.kernel.commands import Tools
from services.kernel.reactions import Unclear
from services.notifications.adapters import smtp

WEEKEND = 22  # attempts, with the pauses between them: how long a mail server may be away


def hand_over(tools: Tools, mail: EmailMessage) -> str:
    """Why the letter was refused for good; empty when it was taken."""
    try:
        smtp.send(tools.settings.smtp_url, mail)
    except smtp.AddressRefused:
        return "address-refused"
    except smtp.PerhapsSent as perhaps:
        raise Unclear(str(perhaps)) from perhaps
    return ""
