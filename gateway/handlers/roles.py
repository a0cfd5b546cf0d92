"""Roles that the company makes for itself, and teams."""

from gateway.commands import ChangeRole, ChangeTeam, CreateRole, CreateTeam
from gateway.domain import role as roles
from gateway.domain import team as teams
from gateway.handlers.aggregates import ROLE, TEAM, load_user
from gateway.handlers.granting import demand
from gateway.queries import teams_of
from gateway.roles import ROLES, WHOLE_BASE
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.store.aggregates import Loaded
from services.kernel.store.claims import VersionConflict


class TooManyTeams(Refusal):
    ru = "Пользователь {user_id} уже состоит в {most} командах"
    en = "The user {user_id} is in {most} teams already"


def create_role(tools: Tools, command: CreateRole, context: Context) -> Written:
    demand(tools, context, roles.grants_of(command.fields))
    events = roles.create_role(command)
    try:
        return tools.append(context, tools.begin(ROLE, command.role_id), events)
    except VersionConflict as there:
        raise roles.RoleExists.on("id", role_id=command.role_id) from there


def change_role(tools: Tools, command: ChangeRole, context: Context) -> Written:
    if command.role_id in ROLES:
        raise roles.BuiltInRole(role_id=command.role_id)
    loaded = tools.load(ROLE, command.role_id, context)
    demand(tools, context, roles.grants_of(command.fields))
    demand(tools, context, roles.grants_of(loaded.state.facts))
    return tools.append(context, loaded, roles.change_role(loaded.state, command))


def create_team(tools: Tools, command: CreateTeam, context: Context) -> Written:
    """Who makes teams decides who sees whose rows."""
    demand(tools, context, WHOLE_BASE)
    _check_members(tools, command.members, command.team_id)
    return tools.append(context, tools.begin(TEAM, command.team_id), teams.create_team(command))


def change_team(tools: Tools, command: ChangeTeam, context: Context) -> Written:
    loaded: Loaded[teams.Team] = tools.load(TEAM, command.team_id, context)
    demand(tools, context, WHOLE_BASE)
    joining = tuple(set(command.members) - set(loaded.state.members))
    _check_members(tools, joining, command.team_id)
    return tools.append(context, loaded, teams.change_team(loaded.state, command))


def _check_members(tools: Tools, members: tuple[str, ...], team_id: str) -> None:
    for user_id in members:
        load_user(tools, user_id, "members")
    with tools.read() as connection:
        for user_id in members:
            if len(teams_of(connection, user_id) - {team_id}) >= teams.MOST_TEAMS_OF_A_USER:
                raise TooManyTeams.on("members", user_id=user_id, most=teams.MOST_TEAMS_OF_A_USER)
