"""What notifications do when something has happened."""

from services.notifications.reactions import letters
from services.notifications.reactions.webhooks import effects as webhooks

REACTIONS = (*letters.REACTIONS, *webhooks.REACTIONS)
EFFECTS = (*letters.EFFECTS, *webhooks.EFFECTS)
