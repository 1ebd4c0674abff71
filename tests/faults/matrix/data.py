"""Clocks, names of hosts, documents, journals: what is read, kept and erased."""

from typing import Final

from tests.faults.matrix.row import Row, here

ERASING = "tests/keeping/test_erasure.py::test_K2_"
DATA = "data"

ROWS: Final = (
    # --- clocks, names, data
    Row(
        46,
        "The server's clock jumps a day forward, and back",
        "No timer, cookie or order minds it.",
        here(DATA, "a_clock_that_jumps_a_day_ends_nothing_early_and_changes_no_order"),
        12,
    ),
    Row(
        47,
        "No names of hosts on the LAN",
        "Pages ask for paths only; links and the QR say an address of numbers.",
        here(DATA, "a_hall_without_names_of_hosts_needs_none"),
        8,
    ),
    Row(
        48,
        "The store dies during an export",
        "The file comes whole from what the server holds; asked again, it has the same bytes.",
        here(DATA, "an_export_while_the_store_dies_is_whole_and_the_same"),
    ),
    Row(
        49,
        "A stored state is corrupt",
        "None is stored: a process started anew makes the same bytes of the journal.",
        here(DATA, "a_room_is_rebuilt_from_its_journal_alone"),
        12,
    ),
    Row(
        50,
        "Somebody adds an entry to a journal by hand",
        "Flagged by the chain; the room is read-only as far as it can be explained; an alarm is logged.",
        (
            *here(DATA, "a_journal_touched_by_hand_is_read_as_far_as_it_goes_and_takes_nothing"),
            "tests/journal/test_beside.py::test_what_cannot_be_explained_is_not_read",
        ),
    ),
    Row(
        51,
        "A room of 10,000 facts is joined cold by 200",
        "The page is there within 3 s for 99 of 100.",
        here(DATA, "a_room_of_ten_thousand_facts_is_joined_by_two_hundred"),
        20,
    ),
    # --- what is erased
    Row(
        56,
        "Twenty people erase at the same moment, on two processes",
        "One redaction each, joined in a few passes; nobody is refused, no request is forgotten, whoever dies in between.",
        (
            f"{ERASING}a_crowd_that_erases_at_once_on_two_processes_is_one_redaction_each",
            "tests/keeping/test_erasure.py::test_a_process_that_stood_still_in_a_pass_plans_anew_instead_of_erasing_twice",
        ),
    ),
    Row(
        57,
        "A server of the store cannot be reached while something is erased",
        "It is struck at once; the desk is told that it is still in the store's files; only that server is asked again, later each time.",
        (
            "tests/cluster/test_rewriting.py::test_a_replica_that_is_away_is_said_and_only_that_one_is_asked_again",
        ),
        25,
    ),
)
