"""Document classes: fields and indexes by noun. Private to service.store."""

import mongoengine as me

from service.store.documents.campaigns import CampaignDocument
from service.store.documents.draws import RecordedDrawDocument
from service.store.documents.failures import FailureDocument
from service.store.documents.frames import FrozenFrameDocument
from service.store.documents.inbox import InboxDocument
from service.store.documents.journal import JournalEntryDocument, JournalHeadDocument
from service.store.documents.leases import LeaseDocument
from service.store.documents.ledger import LedgerDocument
from service.store.documents.organisations import OrganisationDocument, TokenDocument, UserDocument
from service.store.documents.projects import ProjectDocument, SiteDocument
from service.store.documents.questionnaires import QuestionnaireVersionDocument
from service.store.documents.receipts import ReceiptDocument
from service.store.documents.responses import ResponseDocument
from service.store.documents.rounds import (
    RoundDecisionDocument,
    RoundDocument,
    RoundJudgementDocument,
    RoundQuantityDocument,
)
from service.store.documents.schemes import SchemeVersionDocument
from service.store.documents.seals import FrozenTallyDocument, SealDocument
from service.store.documents.spot_checks import SpotCheckDocument
from service.store.documents.tickets import BatchDocument, TicketDocument

ALL: list[type[me.Document]] = [
    BatchDocument,
    CampaignDocument,
    FailureDocument,
    FrozenFrameDocument,
    FrozenTallyDocument,
    InboxDocument,
    JournalEntryDocument,
    JournalHeadDocument,
    LeaseDocument,
    LedgerDocument,
    OrganisationDocument,
    ProjectDocument,
    QuestionnaireVersionDocument,
    ReceiptDocument,
    RecordedDrawDocument,
    ResponseDocument,
    RoundDecisionDocument,
    RoundDocument,
    RoundJudgementDocument,
    RoundQuantityDocument,
    SchemeVersionDocument,
    SealDocument,
    SiteDocument,
    SpotCheckDocument,
    TicketDocument,
    TokenDocument,
    UserDocument,
]

__all__ = [
    "ALL",
    "BatchDocument",
    "CampaignDocument",
    "FailureDocument",
    "FrozenFrameDocument",
    "FrozenTallyDocument",
    "InboxDocument",
    "JournalEntryDocument",
    "JournalHeadDocument",
    "LeaseDocument",
    "LedgerDocument",
    "OrganisationDocument",
    "ProjectDocument",
    "QuestionnaireVersionDocument",
    "ReceiptDocument",
    "RecordedDrawDocument",
    "ResponseDocument",
    "RoundDecisionDocument",
    "RoundDocument",
    "RoundJudgementDocument",
    "RoundQuantityDocument",
    "SchemeVersionDocument",
    "SealDocument",
    "SiteDocument",
    "SpotCheckDocument",
    "TicketDocument",
    "TokenDocument",
    "UserDocument",
]
