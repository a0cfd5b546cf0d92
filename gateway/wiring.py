"""The gateway's own table of contents: who may use the API."""

from gateway import calendar_days, events, queries, rights
from gateway.handlers import bulk, calendar_feeds, keys, logins, roles, users
from gateway.projections import ACCESS, ACCESS_LOG
from gateway.published import CONTRACT, PUBLISHED
from gateway.schemas import calendar, views
from gateway.schemas import commands as incoming
from gateway.subscribers import calls as subscribers
from gateway.subscribers.keeper import Keeper
from gateway.trace import GET_TRACE
from services.kernel.commands import CommandSpec
from services.kernel.history import dated
from services.kernel.lists import ListSchema, ResourceListSchema
from services.kernel.wiring import QuerySpec, Service, history, many, one

SERVICE = Service(
    name="gateway",
    events=(
        events.UserCreated,
        events.UserRoleChanged,
        events.UserDeactivated,
        events.OwnersChanged,
        events.UserInvited,
        events.PasswordSet,
        events.SessionBegun,
        events.SessionUsed,
        events.SessionEnded,
        events.LoginFailed,
        events.LoginSucceeded,
        events.UserLockedOut,
        events.AddressFailed,
        events.AddressLockedOut,
        events.ApiKeyCreated,
        events.ApiKeyRotated,
        events.ApiKeyUsed,
        events.ApiKeyRevoked,
        events.CalendarFeedCreated,
        events.CalendarFeedRotated,
        events.CalendarFeedRevoked,
        events.RoleChanged,
        events.TeamChanged,
        events.BulkBegun,
        *subscribers.EVENTS,
    ),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        **subscribers.COMMANDS,
        "create_user": CommandSpec(incoming.CreateUserSchema, users.create_user, "get_user", changes=False),
        "change_user_role": CommandSpec(incoming.ChangeUserRoleSchema, users.change_user_role, "get_user"),
        "deactivate_user": CommandSpec(incoming.DeactivateUserSchema, users.deactivate_user, "get_user"),
        "invite_user": CommandSpec(incoming.InviteUserSchema, users.invite_user, "get_user"),
        "accept_invitation": CommandSpec(
            incoming.AcceptInvitationSchema, logins.accept_invitation, "get_user", changes=False
        ),
        "change_password": CommandSpec(
            incoming.ChangePasswordSchema, logins.change_password, "get_user", changes=False
        ),
        "begin_session": CommandSpec(incoming.BeginSessionSchema, logins.begin_session, "get_session", changes=False),
        "end_session": CommandSpec(incoming.EndSessionSchema, logins.end_session, "get_session"),
        "create_api_key": CommandSpec(incoming.CreateApiKeySchema, keys.create_api_key, "get_api_key", changes=False),
        "rotate_api_key": CommandSpec(incoming.RotateApiKeySchema, keys.rotate_api_key, "get_api_key"),
        "revoke_api_key": CommandSpec(incoming.RevokeApiKeySchema, keys.revoke_api_key, "get_api_key"),
        "create_calendar_feed": CommandSpec(
            calendar.CreateCalendarFeedSchema, calendar_feeds.create_calendar_feed, "get_calendar_feed", changes=False
        ),
        "rotate_calendar_feed": CommandSpec(
            calendar.RotateCalendarFeedSchema, calendar_feeds.rotate_calendar_feed, "get_calendar_feed"
        ),
        "revoke_calendar_feed": CommandSpec(
            calendar.RevokeCalendarFeedSchema, calendar_feeds.revoke_calendar_feed, "get_calendar_feed"
        ),
        "create_role": CommandSpec(incoming.CreateRoleSchema, roles.create_role, "get_role", changes=False),
        "change_role": CommandSpec(incoming.ChangeRoleSchema, roles.change_role, "get_role"),
        "begin_bulk": CommandSpec(incoming.BeginBulkSchema, bulk.begin_bulk, changes=False),
        "create_team": CommandSpec(incoming.CreateTeamSchema, roles.create_team, "get_team", changes=False),
        "change_team": CommandSpec(incoming.ChangeTeamSchema, roles.change_team, "get_team"),
    },
    queries={
        **subscribers.QUERIES,
        **rights.QUERIES,
        **calendar_days.QUERIES,
        "get_user": one(views.GetUserSchema, queries.USERS, views.UserView),
        "list_user_history": history(views.GetUserSchema, queries.USERS),
        "list_users": many(ResourceListSchema, queries.USERS, views.UserView),
        "get_api_key": one(views.GetApiKeySchema, queries.API_KEYS, views.ApiKeyView),
        "list_api_key_history": history(views.GetApiKeySchema, queries.API_KEYS),
        "list_api_keys": many(ResourceListSchema, queries.API_KEYS, views.ApiKeyView),
        "get_session": one(views.GetSessionSchema, queries.SESSIONS, views.SessionView),
        "list_sessions": many(ResourceListSchema, queries.SESSIONS, views.SessionView),
        "get_role": QuerySpec(
            dated(views.GetRoleSchema), queries.get_role, views.RoleView, resource=queries.ROLES_MADE, dated=True
        ),
        "list_role_history": history(views.GetRoleSchema, queries.ROLES_MADE),
        "list_roles": QuerySpec(ListSchema, queries.list_roles, views.RoleView, many=True),
        "get_team": one(views.GetTeamSchema, queries.TEAMS, views.TeamView),
        "list_team_history": history(views.GetTeamSchema, queries.TEAMS),
        "list_teams": many(ResourceListSchema, queries.TEAMS, views.TeamView),
        "get_trace": GET_TRACE,
        "list_access_log": many(ResourceListSchema, queries.ACCESS_LOG, views.AccessLogEntryView),
    },
    projections=(ACCESS, ACCESS_LOG, subscribers.PROJECTION),
    workers=(Keeper,),
)
