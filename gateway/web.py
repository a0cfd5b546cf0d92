"""The whole web application, put together."""

from collections.abc import Callable

from flask import Flask

from gateway.app import Calling, Keys, create_app
from gateway.directory import Directory
from gateway.feed import feed
from gateway.files import files
from gateway.pages import pages
from gateway.routes import ROUTES


def make_web(call: Calling, keys: Keys, ready: Callable[[], dict[str, bool]]) -> Flask:
    """`call` reaches the services, `keys` knows who bears a key, `ready` who of them answers."""
    app = create_app(ROUTES, call, keys)
    app.register_blueprint(pages(ROUTES, Directory(ROUTES, call), ready))
    app.register_blueprint(files(call, keys))
    app.register_blueprint(feed(call, keys))
    return app
