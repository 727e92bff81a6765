"""The floor: a bare Flask app that validates the same JSON by marshmallow and does one insert_one. No rule of ours."""

import os
import uuid

from flask import Flask, request
from marshmallow import ValidationError
from pymongo import MongoClient

from schemas.collect.responses import SubmissionSchema


def create_app() -> Flask:
    app = Flask(__name__)
    answers = MongoClient(os.environ["FLOOR_DATABASE"])["floor"]["answers"]
    answers.create_index("campaign")
    schema = SubmissionSchema()

    @app.post("/responses")
    def accept() -> tuple[dict[str, str], int]:
        try:
            values = schema.load(request.get_json())
        except ValidationError as error:
            return {"error": str(error)}, 422
        answers.insert_one({"_id": str(uuid.uuid4()), "campaign": "floor", **values})
        return {"receipt": values["submission_id"]}, 201

    return app
