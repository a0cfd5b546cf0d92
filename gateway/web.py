"""The whole web application, put together."""

from collections.abc import Callable

from flask import Flask

from gateway.app import Calling, Keys, create_app
from gateway.attachments import attachments
from gateway.bulk import bulk
from gateway.calendars import calendars
from gateway.directory import Directory
from gateway.edge import Edge
from gateway.exports import exports
from gateway.feed import feed
from gateway.files import files
from gateway.forms import forms
from gateway.imports import imports
from gateway.news import News
from gateway.overview import overview
from gateway.pages import pages
from gateway.routes import ROUTES
from gateway.seats import Seats
from gateway.sessions import sessions
from gateway.stream import stream
from gateway.vcards import vcards


def make_web(call: Calling, keys: Keys, ready: Callable[[], dict[str, bool]], edge: Edge | None = None) -> Flask:
    """`call` reaches the services, `keys` knows who bears a key, `ready` who of them answers."""
    edge = edge or Edge()
    keys = edge.limits.guarding(keys)
    app = create_app(ROUTES, call, keys)
    edge.around(app, ROUTES)
    directory, news, seats = Directory(ROUTES, call), News(call), Seats()
    app.register_blueprint(pages(ROUTES, directory, ready))
    app.register_blueprint(sessions(call, keys))
    app.register_blueprint(files(call, keys))
    app.register_blueprint(forms(call, edge.forms))
    app.register_blueprint(imports(call, keys))
    app.register_blueprint(attachments(call, keys))
    app.register_blueprint(vcards(call, keys))
    app.register_blueprint(overview(call, keys))
    app.register_blueprint(calendars(call, keys))
    app.register_blueprint(exports(ROUTES, call, keys))
    app.register_blueprint(bulk(ROUTES, call, keys))
    app.register_blueprint(feed(call, keys, directory, news, seats))
    app.register_blueprint(stream(call, keys, directory, news, seats))
    return app
