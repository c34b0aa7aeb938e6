"""Verbs of the people room. Each is one transaction, journaled, and moves the stamp "people"."""

from gridward.people.actions.absences import end_absence, record_absence
from gridward.people.actions.accounts import (
    add_person,
    add_token,
    change_password,
    change_person,
    deactivate_person,
    give_login,
    restore_person,
    revoke_token,
    set_password,
)
from gridward.people.actions.divisions import follow_division
from gridward.people.actions.endings import add_open_items, end_posting, sign_handover
from gridward.people.actions.gaps import explain_gap
from gridward.people.actions.groups import (
    PresenceOrder,
    create_group,
    dissolve_group,
    enter_area,
    leave_area,
    seat,
    vacate_seat,
)
from gridward.people.actions.importing import import_people
from gridward.people.actions.inbox import Note, finish_item, send, settle
from gridward.people.actions.logins import (
    LoggedIn,
    admit_session,
    admit_token,
    end_session,
    forget_attempts,
    log_in,
    log_out,
)
from gridward.people.actions.postings import Order, pair_up, post_person
from gridward.people.actions.posts import define_posts
from gridward.people.actions.teams import (
    count_team,
    name_member,
    open_member,
    register_team,
    withdraw_consent,
)
from gridward.people.actions.units import (
    add_alias,
    create_unit,
    find_or_create_unit,
    join_unit,
    leave_unit,
    name_head,
)
from gridward.people.actions.users import add_user

__all__ = [
    "LoggedIn",
    "Note",
    "Order",
    "PresenceOrder",
    "add_alias",
    "add_open_items",
    "add_person",
    "add_token",
    "add_user",
    "admit_session",
    "admit_token",
    "change_password",
    "change_person",
    "count_team",
    "create_group",
    "create_unit",
    "deactivate_person",
    "define_posts",
    "dissolve_group",
    "end_absence",
    "end_posting",
    "end_session",
    "enter_area",
    "explain_gap",
    "find_or_create_unit",
    "finish_item",
    "follow_division",
    "forget_attempts",
    "give_login",
    "import_people",
    "join_unit",
    "leave_area",
    "leave_unit",
    "log_in",
    "log_out",
    "name_head",
    "name_member",
    "open_member",
    "pair_up",
    "post_person",
    "record_absence",
    "register_team",
    "restore_person",
    "revoke_token",
    "seat",
    "send",
    "set_password",
    "settle",
    "sign_handover",
    "vacate_seat",
    "withdraw_consent",
]
