"""Requests made up from the OpenAPI document itself: none may break the desk or be answered in a way it does not say.

`API_EXAMPLES=500 pytest tests/api/test_at_random.py` tries longer than the suite does.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS

from goodword.accounts.api_keys import SCOPES, make_api_key
from goodword.api.urls import api
from goodword.lib import clock
from tests.world import World

EXAMPLES = int(os.environ.get("API_EXAMPLES", "6"))
ASKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method",
    "ignored_auth",
)  # fmt: skip
REFUSALS = (400, 401, 403, 404, 409, 412, 413, 415, 422)
OPERATIONS = [
    (path, method)
    for path, operations in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    for method in operations
]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Requests of a real WSGI server close the connection at their ends, and with it the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def ask(world: World) -> Callable[[Any], Any]:
    """Send a case and check the answer; what it did is undone."""
    _key, secret = make_api_key("random", world.mette, SCOPES, None, per_minute=1_000_000)
    message = world.write(world.freja, "I would like to send back the lamp, order 10452.", subject="Lamp")
    conversation = message.conversation
    matter = conversation.matters.create(
        policy="returns", purchase=world.purchases["10452"], line=world.line("10452"), opened_at=clock.now()
    )
    known = {
        "number": conversation.number, "pk": matter.pk, "code": "returns", "clause": "hygiene", "fact": "opened",
        "tracking": "BR10452",
    }  # fmt: skip

    def send(case: Any, *, meant: bool) -> Any:
        if meant:  # else hardly any request gets past "there is no such conversation"
            for name in case.path_parameters or {}:
                value = known.get(name)
                if name == "number" and "/orders" in case.path:
                    value = "10452"
                if name == "pk" and "/people" in case.path:
                    value = world.freja.pk
                case.path_parameters[name] = value
        if str((case.query or {}).get("wait", "")).isdecimal():
            case.query["wait"] = 0  # nothing happens meanwhile
        # A place put right by us is no longer what the case was made to get wrong; nor is an empty list in a query,
        # of which nothing is sent.
        put_right = meant or any(value in ([], {}) for value in (case.query or {}).values())
        asked = [name for name in ASKED if not (put_right and name == "negative_data_rejection")]
        with transaction.atomic():
            case.call_and_validate(
                headers={"Authorization": f"Bearer {secret}"}, checks=[CHECKS.get_one(name) for name in asked]
            )
            transaction.set_rollback(True)

    return send


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_made_up_request_breaks_the_desk_or_is_answered_as_the_document_does_not_say(
    ask: Callable[..., Any], path: str, method: str
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operation = schema[path][method]
    schema.config.checks.negative_data_rejection.expected_statuses = [str(status) for status in REFUSALS]
    sound = operation.as_strategy()
    unsound = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    count = 0

    @seed(20261121)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=False, print_blob=False,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(case=sound | unsound, meant=st.booleans())
    def try_it(case: Any, meant: bool) -> None:
        nonlocal count
        count += 1
        ask(case, meant=meant)

    try_it()
    print(f"{method.upper()} {path}: {count} cases")
