from collections.abc import Callable
from typing import Any, TypeVar

import flask
from apispec import APISpec
from marshmallow import Schema

View = TypeVar("View", bound=Callable[..., Any])

class Api:
    spec: APISpec
    ERROR_SCHEMA: type[Schema]
    def __init__(self, app: flask.Flask | None = ...) -> None: ...
    def register_blueprint(self, blp: flask.Blueprint) -> None: ...

class Blueprint(flask.Blueprint):
    def __init__(self, name: str, import_name: str, *, url_prefix: str = ..., description: str = ...) -> None: ...
    def doc(self, **kwargs: Any) -> Callable[[View], View]: ...
    def arguments(self, schema: type[Schema], *, location: str = ...) -> Callable[[View], View]: ...
    def response(self, status_code: int, schema: type[Schema] | None = ...) -> Callable[[View], View]: ...
    def alt_response(
        self,
        status_code: int,
        response: str | None = ...,
        *,
        schema: type[Schema] | None = ...,
        description: str | None = ...,
    ) -> Callable[[View], View]: ...
