#!/usr/bin/env python
"""Django's commands, each under the database login that it needs."""

import os
import sys

OWNER_COMMANDS = ("migrate", "load_reference")
FORMS = ("", "_FILE")  # the address itself, or the name of a file that holds it


def become_owner() -> bool:
    """Put the login of the tables' owner in the place of the application's; tell whether it was given."""
    given = {form: os.environ.get(f"DATABASE_OWNER_URL{form}") for form in FORMS}
    if not any(given.values()):
        return False
    for form, value in given.items():
        os.environ.pop(f"DATABASE_URL{form}", None)
        if value:
            os.environ[f"DATABASE_URL{form}"] = value
    return True


def main() -> None:
    """Run one command; those that make tables or reference data do so as the owner of the tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toegang.settings")
    arguments = list(sys.argv)
    if arguments[1:2] and arguments[1] in OWNER_COMMANDS and become_owner():
        # The checks refuse a login that owns tables: they are about the login that serves.
        arguments.append("--skip-checks")

    # Both after the environment is set.
    from django.core.management import execute_from_command_line

    import toegang.celery  # noqa: F401 - else a task published here goes to Celery's default broker

    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
