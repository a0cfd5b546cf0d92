"""Users, roles and teams, sessions and API keys."""

from gateway.routing import OPEN, SELF, Kind, Route

_G = "gateway"


def _user(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _G, call, permission, "users", summary)


def _key(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _G, call, f"api-keys.{permission}", "api-keys", summary)


def _role(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _G, call, f"roles.{permission}", "roles", summary)


def _team(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _G, call, f"teams.{permission}", "teams", summary)


_LOGIN = {
    "type": "object",
    "required": ["email", "password"],
    "properties": {
        "email": {"type": "string", "minLength": 1, "maxLength": 254},
        "password": {"type": "string", "minLength": 1, "maxLength": 200},
    },
    "additionalProperties": False,
}

BEGIN_SESSION = Route(
    "POST",
    "/v1/sessions",
    "login",
    _G,
    "begin_session",
    OPEN,
    "sessions",
    "Log in; sets the cookie of the session",
    view="begin_session",
    takes={"application/json": {"schema": _LOGIN}},
)
GET_SESSION = Route(
    "GET",
    "/v1/sessions/{session_id}",
    "get",
    _G,
    "get_session",
    SELF,
    "sessions",
    "Get a session of one's own; that of the cookie with its CSRF token",
    view="get_session",
)
END_SESSION = Route(
    "POST",
    "/v1/sessions/{session_id}/end",
    "change",
    _G,
    "end_session",
    SELF,
    "sessions",
    "End a session of one's own; log out",
    view="end_session",
)

ROUTES = (
    _user("POST", "/v1/users", "create", "create_user", "users.write", "Create a user"),
    _user("GET", "/v1/users", "list", "list_users", "users.read", "List users"),
    _user("GET", "/v1/users/{user_id}", "get", "get_user", "users.read", "Get a user"),
    _user("POST", "/v1/users/{user_id}/role", "change", "change_user_role", "users.write", "Give another role"),
    _user(
        "POST",
        "/v1/users/{user_id}/invite",
        "change",
        "invite_user",
        "users.write",
        "Make a token, told once, with which the user sets a password",
    ),
    _user("POST", "/v1/users/{user_id}/deactivate", "change", "deactivate_user", "users.write", "Deactivate a user"),
    _user(
        "POST", "/v1/invitations/accept", "login", "accept_invitation", OPEN, "Set a password by an invitation's token"
    ),
    _user("POST", "/v1/password", "login", "change_password", SELF, "Change one's own password; ends all sessions"),
    BEGIN_SESSION,
    Route("GET", "/v1/sessions", "list", _G, "list_sessions", SELF, "sessions", "List one's own sessions"),
    GET_SESSION,
    END_SESSION,
    _key("POST", "/v1/api-keys", "create", "create_api_key", "write", "Create an API key"),
    _key("GET", "/v1/api-keys", "list", "list_api_keys", "read", "List API keys"),
    _key("GET", "/v1/api-keys/{key_id}", "get", "get_api_key", "read", "Get an API key"),
    _key(
        "POST",
        "/v1/api-keys/{key_id}/rotate",
        "change",
        "rotate_api_key",
        "write",
        "Make a new secret; the former one opens for 24 hours more",
    ),
    _key("POST", "/v1/api-keys/{key_id}/revoke", "change", "revoke_api_key", "write", "Revoke an API key"),
    _role("POST", "/v1/roles", "create", "create_role", "write", "Make a role"),
    _role("GET", "/v1/roles", "list", "list_roles", "read", "List roles, built in and made"),
    _role("GET", "/v1/roles/{role_id}", "get", "get_role", "read", "Get a role"),
    _role("PUT", "/v1/roles/{role_id}", "change", "change_role", "write", "Replace what a role may"),
    _team("POST", "/v1/teams", "create", "create_team", "write", "Make a team"),
    _team("GET", "/v1/teams", "list", "list_teams", "read", "List teams"),
    _team("GET", "/v1/teams/{team_id}", "get", "get_team", "read", "Get a team"),
    _team("PUT", "/v1/teams/{team_id}", "change", "change_team", "write", "Replace the name and members of a team"),
    Route(
        "GET",
        "/v1/access-log",
        "list",
        _G,
        "list_access_log",
        "access-log.read",
        "access-log",
        "What happened to users, roles, teams, sessions and keys",
    ),
)
