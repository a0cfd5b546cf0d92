import kombu
import psycopg2

from tests.kernel.messaging import eventually


def test_every_database_is_fresh(new_database):
    with new_database() as first, new_database() as second:
        connection = psycopg2.connect(first)
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE seen (id int)")
        connection.close()
        connection = psycopg2.connect(second)
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('seen')")
            assert cursor.fetchone() == (None,)
        connection.close()


def test_both_kinds_of_database_have_a_url(any_database):
    assert any_database.startswith(("sqlite:///", "postgresql://"))


def test_a_vhost_has_the_policies_of_an_installation(vhost):
    policies = vhost.server.api("GET", f"policies/{vhost.name}")
    assert {policy["name"] for policy in policies} == {"reestr-queues", "reestr-dead-letters"}


def test_a_vhost_takes_messages_and_tells_its_depth(vhost):
    with kombu.Connection(vhost.url) as connection:
        queue = connection.SimpleQueue("reestr.test")
        queue.put("one")
        queue.put("two")
        queue.close()
    eventually(lambda: vhost.depth("reestr.test") == 2)


def test_rabbitmqctl_reaches_the_server(rabbitmq, vhost):
    assert vhost.name in rabbitmq.ctl("list_vhosts", "name")
