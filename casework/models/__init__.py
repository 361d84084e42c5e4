"""What casework stores. Changes are made by casework.services."""

from casework.models.around import NetworkMember, Relation, Representation
from casework.models.case import Case, Deadline, Hulpvraag, Melding
from casework.models.emergency import AccessRules, EmergencyAccess
from casework.models.facts import Fact, FactUse
from casework.models.feedback import Feedback
from casework.models.forwarding import Forwarding
from casework.models.grants import Assignment, CasePermission, Grant, Handover
from casework.models.inquiry import FirstCall, LeefgebiedNote, OnderzoekAnswer, Talk
from casework.models.letters import Letter
from casework.models.looks import LookReview
from casework.models.merge import PersonMerge
from casework.models.people import Address, Household, HouseholdMember, Person
from casework.models.privacy import PrivacyRequest, RestrictedUse, Statement
from casework.models.reference import CaseloadWeight, Leefgebied, OnderzoekPart, Reason
from casework.models.safety import SafetyRecord
from casework.models.short import ShortQuestion
from casework.models.signal import Signal, SignalAttempt, SignalSource
from casework.models.web import WebMelding

__all__ = [
    "AccessRules",
    "Address",
    "Assignment",
    "Case",
    "CasePermission",
    "CaseloadWeight",
    "Deadline",
    "EmergencyAccess",
    "Fact",
    "FactUse",
    "Feedback",
    "FirstCall",
    "Forwarding",
    "Grant",
    "Handover",
    "Household",
    "HouseholdMember",
    "Hulpvraag",
    "Leefgebied",
    "LeefgebiedNote",
    "Letter",
    "LookReview",
    "Melding",
    "NetworkMember",
    "OnderzoekAnswer",
    "OnderzoekPart",
    "Person",
    "PersonMerge",
    "PrivacyRequest",
    "Reason",
    "Relation",
    "Representation",
    "RestrictedUse",
    "SafetyRecord",
    "ShortQuestion",
    "Signal",
    "SignalAttempt",
    "SignalSource",
    "Statement",
    "Talk",
    "WebMelding",
]
