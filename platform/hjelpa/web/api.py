"""The API: its description as an OpenAPI document, and the blueprints of features that take part in it.

Errors are told by `problems`; who may enter is the gate's, as everywhere.
"""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask_smorest import Api
from flask_smorest import Blueprint as ApiBlueprint
from flask_wtf import CSRFProtect
from marshmallow import Schema, fields

from hjelpa.core.permissions import public
from hjelpa.web.problems import PROBLEM

PREFIX = "/api/v1"

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)


class ProblemSchema(Schema):
    """RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict()


class HouseApi(Api):
    """Only the description and the reading of bodies are the library's; errors and access are the house's own."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """`hjelpa.web.errors` tells them."""

    def _register_doc_blueprint(self) -> None:
        """Below, with its access declared."""


def init_api(app: Flask) -> None:
    """To be called before features' blueprints are registered."""
    app.config.update(API_TITLE="Hjelpa", API_VERSION="1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None)
    api = HouseApi(app)
    bearer = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of the municipality’s, made under Settings.",
    }
    api.spec.components.security_scheme("token", bearer)
    app.extensions["hjelpa_api"] = api
    app.register_blueprint(blueprint)


def register(app: Flask, csrf: CSRFProtect, feature: Blueprint) -> None:
    """A feature's blueprint: one of the API's gets into its description and needs no form token, since nothing that a
    browser sends by itself lets anybody in there."""
    if isinstance(feature, ApiBlueprint):
        csrf.exempt(feature)
        app.extensions["hjelpa_api"].register_blueprint(feature)
    else:
        app.register_blueprint(feature)


@blueprint.get("/openapi.json")
@public
def document() -> Response:
    """What the API can do, for programs and those who write them. Says nothing of any municipality."""
    answer = jsonify(_described())
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _described() -> dict[str, Any]:
    spec: dict[str, Any] = current_app.extensions["hjelpa_api"].spec.to_dict()
    for name, response in spec.get("components", {}).get("responses", {}).items():
        content = response.get("content", {})
        if "application/json" in content and name not in ("OK", "CREATED"):
            response["content"] = {PROBLEM: content["application/json"]}
    return spec
