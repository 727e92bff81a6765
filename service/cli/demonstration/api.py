"""A signed-in user of the API: JSON in, JSON out, and refusals as one readable error."""

from types import TracebackType
from typing import Any, Self

import click
import httpx

PREFIX = "/api/v1"
PATIENCE = 60.0  # seconds for one request on a busy machine


class Api:
    """Requests of one user, or of nobody. A context manager that closes its connections."""

    def __init__(self, address: str, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # trust_env: a proxy named in the environment is not for requests to this machine.
        self.client = httpx.Client(base_url=address + PREFIX, headers=headers, timeout=PATIENCE, trust_env=False)

    def get(self, path: str, **query: Any) -> Any:
        return self._told("GET", path, params=query)

    def post(self, path: str, **body: Any) -> Any:
        return self._told("POST", path, json=body)

    def put(self, path: str, version: int = 0, **body: Any) -> Any:
        """`version` is the one that was read; 0 where many are changed at once."""
        headers = {"If-Match": f'"{version}"'} if version else {}
        return self._told("PUT", path, json=body, headers=headers)

    def _told(self, method: str, path: str, **options: Any) -> Any:
        try:
            answer = self.client.request(method, path, **options)
        except httpx.TransportError as error:
            raise click.ClickException(f"{method} {PREFIX}{path}: {error}") from error
        if answer.is_error:
            raise click.ClickException(f"{method} {PREFIX}{path}: {answer.status_code} {answer.text[:1000]}")
        return answer.json()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
