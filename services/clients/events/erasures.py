"""People who are forgotten. The reason is kept: it is what is answered for."""

from dataclasses import dataclass

from services.kernel.events import event


@event("ErasureRequested")
@dataclass(frozen=True, slots=True)
class ErasureRequested:
    """`what` is client, contact or lead, `person` its id, which is the person's key too. `whole`: name and
    codes are personal as well, as they are of everybody but companies."""

    erasure_id: str
    what: str
    person: str
    whole: bool
    reason: str


@event("PersonalDataErased")
@dataclass(frozen=True, slots=True)
class PersonalDataErased:
    """The key is destroyed, and every process has let go of it: what was sealed under it is read by
    nobody any more. Whoever hears this makes blank what he keeps open."""

    erasure_id: str
    what: str
    person: str
    whole: bool
