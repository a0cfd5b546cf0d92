"""What notifications do when something has happened."""

from services.notifications.reactions import letters, notices
from services.notifications.reactions.webhooks import effects as webhooks

REACTIONS = (*letters.REACTIONS, *notices.REACTIONS, *webhooks.REACTIONS)
EFFECTS = (*letters.EFFECTS, *notices.EFFECTS, *webhooks.EFFECTS)
