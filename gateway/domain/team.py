"""A team: its members see each other's rows where their role says so."""

from dataclasses import dataclass

from gateway.commands import ChangeTeam, CreateTeam
from gateway.events import TeamChanged

MOST_MEMBERS = 100
MOST_TEAMS_OF_A_USER = 5


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str
    members: tuple[str, ...]


def create_team(command: CreateTeam) -> list[TeamChanged]:
    return [TeamChanged(command.team_id, command.name, _sorted(command.members), "", ())]


def change_team(team: Team, command: ChangeTeam) -> list[TeamChanged]:
    members = _sorted(command.members)
    if (command.name, members) == (team.name, team.members):
        return []
    return [TeamChanged(team.id, command.name, members, team.name, team.members)]


def _sorted(members: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(members)))


def evolve(_team: Team | None, event: TeamChanged) -> Team:
    return Team(event.team_id, event.name, event.members)
