"""Payment plans, payments, the years of a contract and tasks that recur."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class PaymentPlanDocument(Versioned):
    meta = meta("payment_plans")

    id = me.StringField(primary_key=True)
    kind = me.StringField(required=True)
    contract = me.StringField(required=True)
    instalments = me.ListField(me.DictField())
    factors = me.DictField()
    pay_within = me.DictField()
    document = me.StringField(max_length=200)
    starts_on = me.StringField()
    ends_on = me.StringField()
    retained_percent = me.StringField()
    parts = me.ListField(me.DictField())


class PaymentDocument(Versioned):
    meta = meta("payments", unique("project", "instalment"))

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    instalment = me.StringField(required=True)
    planned = me.StringField(required=True)
    percent = me.StringField(required=True)
    cut = me.StringField(required=True)
    amount = me.StringField(required=True)
    asked_at = me.DateTimeField(required=True)
    asked_by = me.StringField(required=True)
    result = me.StringField()
    paper = me.StringField()
    cuts = me.DictField()
    pay_by = me.StringField()
    paid_on = me.StringField()


class ContractYearDocument(me.Document):
    meta = meta("contract_years", unique("project", "number"))

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    number = me.IntField(required=True)
    from_on = me.StringField(required=True)
    to_on = me.StringField(required=True)
    signed_on = me.StringField(required=True)
    document = me.StringField(required=True, max_length=200)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    result = me.StringField()
    reason = me.StringField(max_length=4000)


class RecurringTaskDocument(Versioned):
    meta = meta("recurring_tasks", "project")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    label = me.StringField(required=True, max_length=200)
    months = me.IntField(required=True, min_value=1)
    from_on = me.StringField(required=True)
    to_on = me.StringField(required=True)
    whom = me.StringField(required=True)
    basis = me.StringField(max_length=400)


class TaskReportDocument(me.Document):
    meta = meta("task_reports", "project", unique("task", "due_on"))

    id = me.StringField(primary_key=True)
    task = me.StringField(required=True)
    project = me.StringField(required=True)
    due_on = me.StringField(required=True)
    done_on = me.StringField(required=True)
    text = me.StringField(required=True, max_length=4000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
