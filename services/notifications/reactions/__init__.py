"""What notifications do when something has happened."""

from services.notifications.reactions import letters

REACTIONS = letters.REACTIONS
EFFECTS = letters.EFFECTS
