"""Organisations, the two kinds of user, roles and memberships with a period."""

from toegang.accounts.models.absence import Absence as Absence
from toegang.accounts.models.absence import AbsenceReason as AbsenceReason
from toegang.accounts.models.organisation import CoverRule as CoverRule
from toegang.accounts.models.organisation import Gemeente as Gemeente
from toegang.accounts.models.organisation import Ketenpartner as Ketenpartner
from toegang.accounts.models.organisation import Organisatie as Organisatie
from toegang.accounts.models.organisation import Team as Team
from toegang.accounts.models.organisation import Wijk as Wijk
from toegang.accounts.models.photo import Photo as Photo
from toegang.accounts.models.roles import Membership as Membership
from toegang.accounts.models.roles import ReportRight as ReportRight
from toegang.accounts.models.roles import Role as Role
from toegang.accounts.models.roles import RoleAssignment as RoleAssignment
from toegang.accounts.models.roles import Source as Source
from toegang.accounts.models.user import Density as Density
from toegang.accounts.models.user import Digest as Digest
from toegang.accounts.models.user import Identity as Identity
from toegang.accounts.models.user import Theme as Theme
from toegang.accounts.models.user import User as User
from toegang.accounts.models.user import system_user as system_user
