"""A stage is built once; whoever asks for the same again gets its documents put back, without the acts behind them."""

import copy
import functools
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import mongoengine
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from database import WRITTEN
from flask import Flask
from flask.testing import FlaskClient

P = ParamSpec("P")
R = TypeVar("R")
_RAW = CodecOptions(document_class=RawBSONDocument)
_SECONDS = 600  # what was made with the clock, such as a token, is not put back when it is old
# The files, by the beginnings of their names, whose tests start from what was put back.
STARTING = ("operations/", "web/")
_STANDING = (Flask, FlaskClient)  # arguments that stand for whatever one there is, not for what they hold


@dataclass(frozen=True)
class _Kept:
    made_at: float
    content: dict[tuple[str, str], bytes]  # all that is stored: (collection, id) -> document
    result: Any
    standing: tuple[Any, ...]


class _Stages:
    """`at` is the stages on which the database stands since it was made empty, if nothing was asked of it since."""

    def __init__(self) -> None:
        self.allowed = False
        self._kept: dict[tuple[Any, ...], _Kept] = {(): _Kept(0, {}, None, ())}
        self._at: tuple[Any, ...] = ()
        self._commands = -1

    def at(self) -> tuple[Any, ...] | None:
        if not self.allowed or WRITTEN.elsewhere or WRITTEN.children:
            return None
        if WRITTEN.commands == WRITTEN.emptied:
            return ()
        return self._at if WRITTEN.commands == self._commands else None

    def set(self, make: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        before, asked = self.at(), _key(args, named)
        if before is None or asked is None:
            return make(*args, **named)
        key = (*before, make, asked)
        standing = tuple(each for each in (*args, *named.values()) if isinstance(each, _STANDING))
        kept = self._kept.get(key)
        if kept is None or kept.made_at < max(self._kept[before].made_at, time.monotonic() - _SECONDS):
            result = make(*args, **named)
            same = {id(each): each for each in standing}
            self._kept[key] = _Kept(time.monotonic(), _content(), copy.deepcopy(result, same), standing)
        else:
            _put_back(self._kept[before].content, kept.content)
            others = {id(old): new for old, new in zip(kept.standing, standing, strict=True)}
            result = copy.deepcopy(kept.result, others)
        self._at, self._commands = key, WRITTEN.commands
        return result


STAGES = _Stages()


def staged(make: Callable[P, R]) -> Callable[P, R]:
    """Of a function that writes into the database and nowhere else, changes no argument and returns plain values.

    Its documents are put back where the same stages, with nothing between, were built on an empty database before.
    """

    @functools.wraps(make)
    def once(*args: P.args, **named: P.kwargs) -> R:
        return STAGES.set(make, *args, **named)

    return once


def _key(args: tuple[Any, ...], named: dict[str, Any]) -> bytes | None:
    """None if they cannot be told apart by what they hold."""
    told = [_app(each) if isinstance(each, _STANDING) else each for each in (*args, *named.values())]
    try:
        return pickle.dumps((told, sorted(named)))
    except (TypeError, AttributeError, pickle.PicklingError):
        return None


def _app(standing: Flask | FlaskClient) -> tuple[str, int]:
    return type(standing).__name__, id(standing if isinstance(standing, Flask) else standing.application)


def _content() -> dict[tuple[str, str], bytes]:
    return {
        (name, repr(stored["_id"])): stored.raw
        for name in sorted(WRITTEN.names)
        for stored in mongoengine.get_db().get_collection(name, codec_options=_RAW).find({})
    }


def _put_back(before: dict[tuple[str, str], bytes], content: dict[tuple[str, str], bytes]) -> None:
    new: dict[str, list[RawBSONDocument]] = {}
    for (name, id), raw in content.items():
        there = before.get((name, id))
        if there is None:
            new.setdefault(name, []).append(RawBSONDocument(raw))
        elif there != raw:
            changed = RawBSONDocument(raw)
            mongoengine.get_db()[name].replace_one({"_id": changed["_id"]}, changed)
    for name, documents in new.items():
        mongoengine.get_db()[name].insert_many(documents)
    for name, id in before.keys() - content.keys():
        mongoengine.get_db()[name].delete_one({"_id": RawBSONDocument(before[name, id])["_id"]})
