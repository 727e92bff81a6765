"""Document classes: fields and indexes by noun. Private to service.store."""

import mongoengine as me

from service.store.documents.calendars import YearDocument
from service.store.documents.collect.campaigns import CampaignDocument
from service.store.documents.collect.drafts import QuestionnaireDraftDocument, TrialAnswerDocument
from service.store.documents.collect.inbox import InboxDocument
from service.store.documents.collect.ledger import LedgerDocument
from service.store.documents.collect.media import PictureDocument
from service.store.documents.collect.opinions import (
    InstitutionListDocument,
    OpinionDocument,
    ScanDocument,
    ScanPieceDocument,
)
from service.store.documents.collect.quality import QualityDecisionDocument, QualityMarksDocument, QualityScanDocument
from service.store.documents.collect.questionnaires import QuestionnaireVersionDocument
from service.store.documents.collect.receipts import ReceiptDocument
from service.store.documents.collect.releases import ReleaseDocument
from service.store.documents.collect.responses import ResponseDocument
from service.store.documents.collect.seals import FrozenTallyDocument, SealDocument
from service.store.documents.collect.tablets import TabletDocument
from service.store.documents.collect.texts import TextTagDocument
from service.store.documents.collect.tickets import BatchDocument, TicketDocument
from service.store.documents.collect.withdrawals import WithdrawalCountDocument
from service.store.documents.evaluate.entries import (
    RoundEventDocument,
    RoundGateFindingDocument,
    RoundMeasureDocument,
    RoundRatioDocument,
)
from service.store.documents.evaluate.judgements import JudgingDocument, RoundJudgementDocument
from service.store.documents.evaluate.readings import EvidenceReadingDocument
from service.store.documents.evaluate.results import ResultVersionDocument
from service.store.documents.evaluate.rounds import RoundDecisionDocument, RoundDocument, RoundQuantityDocument
from service.store.documents.evaluate.schemes import SchemeVersionDocument
from service.store.documents.failures import FailureDocument
from service.store.documents.inspect.back_checks import BackCheckDrawDocument
from service.store.documents.inspect.draws import DrawSecretDocument, RecordedDrawDocument
from service.store.documents.inspect.evidence_files import EvidenceFileDocument, EvidencePieceDocument
from service.store.documents.inspect.field_tokens import FieldTokenDocument
from service.store.documents.inspect.follow_ups import EvidenceDocument, FollowUpDocument
from service.store.documents.inspect.frames import (
    ContactDocument,
    FrameComparisonDocument,
    FrameImportDocument,
    FrameImportPieceDocument,
    FrameRowsDocument,
    FrozenFrameDocument,
)
from service.store.documents.inspect.interviews import (
    IntervieweeDocument,
    InterviewerHoldDocument,
    InterviewPlanDocument,
    PairedAnswerDocument,
)
from service.store.documents.inspect.notices import NoticeDocument
from service.store.documents.inspect.spot_checks import ChecklistVersionDocument, SpotCheckDocument
from service.store.documents.inspect.user_notifications import UserNotificationDocument
from service.store.documents.inspect.visits import AssignmentDocument, DeclarationDocument, VisitDocument
from service.store.documents.inspect.xforms import SentFileDocument, SentXmlDocument, SetAsideDocument, XFormDocument
from service.store.documents.journal import JournalEntryDocument, JournalHeadDocument
from service.store.documents.leases import LeaseDocument
from service.store.documents.organisations import OrganisationDocument, TokenDocument, UserDocument
from service.store.documents.procedure.agency_assessments import AgencyAssessmentDocument
from service.store.documents.procedure.cases import AppealDocument, CaseFileDocument, ObjectionDocument, ReviewDocument
from service.store.documents.procedure.change_rates import ChangePairsDocument
from service.store.documents.procedure.consequences import (
    BanDocument,
    ConsequenceDecisionDocument,
    ContinuationDocument,
)
from service.store.documents.procedure.feed_tokens import FeedTokenDocument
from service.store.documents.procedure.groups import EvaluatorApprovalDocument, GroupMemberDocument
from service.store.documents.procedure.papers import PaperDocument
from service.store.documents.procedure.payments import (
    ContractYearDocument,
    PaymentDocument,
    PaymentPlanDocument,
    RecurringTaskDocument,
    TaskReportDocument,
)
from service.store.documents.procedure.publications import (
    PublicationContentDocument,
    PublicationDocument,
    SignatoriesDocument,
)
from service.store.documents.procedure.reports import PurchaserOpinionDocument, ReportDocument
from service.store.documents.procedure.retention import PurgeDocument
from service.store.documents.procedure.round_schemes import RoundSchemeChangeDocument
from service.store.documents.procedure.self_evaluations import SelfEvaluationDocument
from service.store.documents.procedure.targets import ContractTargetDocument
from service.store.documents.procedure.waivers import WaiverDocument
from service.store.documents.projects import ProjectDocument, SiteDocument
from service.store.documents.read_tokens import ReadTokenDocument

ALL: list[type[me.Document]] = [
    AgencyAssessmentDocument,
    AppealDocument,
    AssignmentDocument,
    BackCheckDrawDocument,
    BanDocument,
    BatchDocument,
    CampaignDocument,
    CaseFileDocument,
    ChangePairsDocument,
    ChecklistVersionDocument,
    ConsequenceDecisionDocument,
    ContactDocument,
    ContinuationDocument,
    ContractTargetDocument,
    ContractYearDocument,
    DeclarationDocument,
    DrawSecretDocument,
    EvaluatorApprovalDocument,
    EvidenceDocument,
    EvidenceFileDocument,
    EvidencePieceDocument,
    EvidenceReadingDocument,
    FailureDocument,
    FeedTokenDocument,
    FieldTokenDocument,
    FollowUpDocument,
    FrameComparisonDocument,
    FrameImportDocument,
    FrameImportPieceDocument,
    FrameRowsDocument,
    FrozenFrameDocument,
    FrozenTallyDocument,
    GroupMemberDocument,
    InboxDocument,
    InstitutionListDocument,
    InterviewPlanDocument,
    IntervieweeDocument,
    InterviewerHoldDocument,
    JournalEntryDocument,
    JournalHeadDocument,
    JudgingDocument,
    LeaseDocument,
    LedgerDocument,
    NoticeDocument,
    ObjectionDocument,
    OpinionDocument,
    OrganisationDocument,
    PairedAnswerDocument,
    PaperDocument,
    PaymentDocument,
    PaymentPlanDocument,
    PictureDocument,
    ProjectDocument,
    PublicationContentDocument,
    PublicationDocument,
    PurchaserOpinionDocument,
    PurgeDocument,
    QualityDecisionDocument,
    QualityMarksDocument,
    QualityScanDocument,
    QuestionnaireDraftDocument,
    QuestionnaireVersionDocument,
    ReadTokenDocument,
    ReceiptDocument,
    RecordedDrawDocument,
    RecurringTaskDocument,
    ReleaseDocument,
    ReportDocument,
    ResponseDocument,
    ResultVersionDocument,
    ReviewDocument,
    RoundDecisionDocument,
    RoundDocument,
    RoundEventDocument,
    RoundGateFindingDocument,
    RoundJudgementDocument,
    RoundMeasureDocument,
    RoundQuantityDocument,
    RoundRatioDocument,
    RoundSchemeChangeDocument,
    ScanDocument,
    ScanPieceDocument,
    SchemeVersionDocument,
    SealDocument,
    SelfEvaluationDocument,
    SentFileDocument,
    SentXmlDocument,
    SetAsideDocument,
    SignatoriesDocument,
    SiteDocument,
    SpotCheckDocument,
    TabletDocument,
    TaskReportDocument,
    TextTagDocument,
    TicketDocument,
    TokenDocument,
    TrialAnswerDocument,
    UserDocument,
    UserNotificationDocument,
    VisitDocument,
    WaiverDocument,
    WithdrawalCountDocument,
    XFormDocument,
    YearDocument,
]

__all__ = [
    "ALL",
    "AgencyAssessmentDocument",
    "AppealDocument",
    "AssignmentDocument",
    "BackCheckDrawDocument",
    "BanDocument",
    "BatchDocument",
    "CampaignDocument",
    "CaseFileDocument",
    "ChangePairsDocument",
    "ChecklistVersionDocument",
    "ConsequenceDecisionDocument",
    "ContactDocument",
    "ContinuationDocument",
    "ContractTargetDocument",
    "ContractYearDocument",
    "DeclarationDocument",
    "DrawSecretDocument",
    "EvaluatorApprovalDocument",
    "EvidenceDocument",
    "EvidenceFileDocument",
    "EvidencePieceDocument",
    "EvidenceReadingDocument",
    "FailureDocument",
    "FeedTokenDocument",
    "FieldTokenDocument",
    "FollowUpDocument",
    "FrameComparisonDocument",
    "FrameImportDocument",
    "FrameImportPieceDocument",
    "FrameRowsDocument",
    "FrozenFrameDocument",
    "FrozenTallyDocument",
    "GroupMemberDocument",
    "InboxDocument",
    "InstitutionListDocument",
    "InterviewPlanDocument",
    "IntervieweeDocument",
    "InterviewerHoldDocument",
    "JournalEntryDocument",
    "JournalHeadDocument",
    "JudgingDocument",
    "LeaseDocument",
    "LedgerDocument",
    "NoticeDocument",
    "ObjectionDocument",
    "OpinionDocument",
    "OrganisationDocument",
    "PairedAnswerDocument",
    "PaperDocument",
    "PaymentDocument",
    "PaymentPlanDocument",
    "PictureDocument",
    "ProjectDocument",
    "PublicationContentDocument",
    "PublicationDocument",
    "PurchaserOpinionDocument",
    "PurgeDocument",
    "QualityDecisionDocument",
    "QualityMarksDocument",
    "QualityScanDocument",
    "QuestionnaireDraftDocument",
    "QuestionnaireVersionDocument",
    "ReadTokenDocument",
    "ReceiptDocument",
    "RecordedDrawDocument",
    "RecurringTaskDocument",
    "ReleaseDocument",
    "ReportDocument",
    "ResponseDocument",
    "ResultVersionDocument",
    "ReviewDocument",
    "RoundDecisionDocument",
    "RoundDocument",
    "RoundEventDocument",
    "RoundGateFindingDocument",
    "RoundJudgementDocument",
    "RoundMeasureDocument",
    "RoundQuantityDocument",
    "RoundRatioDocument",
    "RoundSchemeChangeDocument",
    "ScanDocument",
    "ScanPieceDocument",
    "SchemeVersionDocument",
    "SealDocument",
    "SelfEvaluationDocument",
    "SentFileDocument",
    "SentXmlDocument",
    "SetAsideDocument",
    "SignatoriesDocument",
    "SiteDocument",
    "SpotCheckDocument",
    "TabletDocument",
    "TaskReportDocument",
    "TextTagDocument",
    "TicketDocument",
    "TokenDocument",
    "TrialAnswerDocument",
    "UserDocument",
    "UserNotificationDocument",
    "VisitDocument",
    "WaiverDocument",
    "WithdrawalCountDocument",
    "XFormDocument",
    "YearDocument",
]
