from gateway.commands import CreateUser, DeactivateUser
from gateway.domain.user import User, create_user, deactivate_user, evolve
from gateway.events import UserCreated, UserDeactivated

CREATED = UserCreated("u-1", "accountant", name="Громова Ирина", email="gromova@salon.example")
COMMAND = CreateUser("Громова Ирина", "accountant", "gromova@salon.example", user_id="u-1")


def test_a_user_is_created_in_a_role():
    assert create_user(COMMAND) == [CREATED]
    assert evolve(None, CREATED) == User("u-1", "accountant", active=True, email="gromova@salon.example")


def test_a_user_may_have_no_address():
    assert create_user(CreateUser("Робот", "integration", user_id="u-2")) == [
        UserCreated("u-2", "integration", name="Робот", email=None)
    ]


def test_a_user_is_deactivated_once():
    user = evolve(None, CREATED)
    assert deactivate_user(user, DeactivateUser("u-1")) == [UserDeactivated("u-1")]
    gone = evolve(user, UserDeactivated("u-1"))
    assert not gone.active
    assert deactivate_user(gone, DeactivateUser("u-1")) == []
