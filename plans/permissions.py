"""Who may do what with a plan: who handles the case."""

from casework.permissions import may_handle, may_handle_or_system

__all__ = ["may_handle", "may_handle_or_system"]
