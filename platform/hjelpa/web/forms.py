"""A form as a page needs it: what was typed, what is wrong with it, and how each field is described."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import ValidationError, fields
from werkzeug.datastructures import MultiDict

from hjelpa.core.schemas import Input


class Form:
    """One form on one page.

    `Form(schema)` is empty, `Form(schema, initial=…)` starts with values, `Form.read(schema, request.form)` checks
    what was sent: then `ok` tells whether `values` may be used, and nothing typed is lost either way.
    """

    def __init__(self, schema: type[Input] | Input, *, initial: Mapping[str, Any] | None = None) -> None:
        self.schema = schema() if isinstance(schema, type) else schema
        self.typed: Mapping[str, Any] = dict(initial or {})
        self.values: dict[str, Any] = {}
        self.problems: dict[str, str] = {}

    @classmethod
    def read(cls, schema: type[Input] | Input, sent: MultiDict[str, str]) -> "Form":
        form = cls(schema)
        lists = {name for name, field in form.schema.fields.items() if isinstance(field, fields.List)}
        form.typed = {name: sent.getlist(name) if name in lists else sent.get(name, "") for name in sent}
        try:
            form.values = dict(form.schema.load(form.typed))
        except ValidationError as error:
            form.problems = {name: _first(messages) for name, messages in _messages(error).items()}
        return form

    @property
    def ok(self) -> bool:
        return not self.problems

    def refuse(self, name: str, message: Any) -> None:
        """Adds a message found by a rule that the schema cannot know."""
        self.problems.setdefault(name, str(message))

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Messages in the order of the fields, for the summary on top."""
        order = list(self.schema.fields)
        known = sorted(self.problems, key=lambda name: order.index(name) if name in order else len(order))
        return [(name, self.problems[name]) for name in known]

    def error(self, name: str) -> str | None:
        return self.problems.get(name)

    def value(self, name: str) -> str:
        value = self.typed.get(name, "")
        return "" if value is None else str(value)

    def checked(self, name: str, option: str) -> bool:
        value = self.typed.get(name)
        if isinstance(value, bool):
            return value and option == "1"
        return option in value if isinstance(value, list | tuple) else str(value) == option

    def label(self, name: str) -> str:
        return str(self._about(name).get("label", name))

    def hint(self, name: str) -> str | None:
        hint = self._about(name).get("hint")
        return None if hint is None else str(hint)

    def required(self, name: str) -> bool:
        return self.schema.fields[name].required

    def choices(self, name: str) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in self._about(name).get("choices", {}).items()]

    def max_length(self, name: str) -> int | None:
        return self._about(name).get("limit")

    def _about(self, name: str) -> Mapping[str, Any]:
        return self.schema.fields[name].metadata


def _messages(error: ValidationError) -> dict[str, Any]:
    """Messages by field; those about the whole form stand under `_schema`."""
    return error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}


def _first(messages: Any) -> str:
    if isinstance(messages, dict):
        return _first(next(iter(messages.values())))
    if isinstance(messages, list):
        return _first(messages[0])
    return str(messages) or gettext("This cannot be used")
