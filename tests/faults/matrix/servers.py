"""Server processes: killed, stopped, out of date, out of room; and who is present, which they tell each other."""

from typing import Final

from tests.faults.matrix.row import Row, here

WORKERS = "tests/processes/test_workers.py::test_"
SERVERS = "servers"

ROWS: Final = (
    Row(
        26,
        "kill -9 of one server process of three",
        "Its phones write again by the others within 8 s; budgets of votes hold.",
        here(SERVERS, "phones_of_a_killed_process_go_to_the_others"),
    ),
    Row(
        27,
        "kill -9 of all server processes, with 200 phones",
        "Joins take less than 3 s when the processes are there again.",
        here(SERVERS, "a_hall_comes_back_after_all_processes_were_killed_together"),
        20,
    ),
    Row(
        28,
        "SIGTERM: a deploy in the middle of a crowd",
        "Everybody is told when to come back, in groups; the process ends within 10 s; nothing is lost.",
        (
            *here(SERVERS, "a_deploy_in_the_middle_of_a_crowd_loses_nothing"),
            "tests/processes/test_kills.py::test_a_server_told_to_stop_says_when_to_come_back_and_ends_well",
        ),
        30,
    ),
    Row(
        29,
        "Two versions side by side",
        "Pages of this protocol and of the one before show one board, others are told to reload; a fact that a "
        "process does not know stops the room on it: read-only, nothing misread or dropped.",
        here(SERVERS, "two_versions_show_one_board_and_neither_misreads_the_other"),
        10,
    ),
    Row(
        30,
        "A server process stands still for 3 s",
        "No connection is closed for it; the log says how late it was.",
        (
            *here(SERVERS, "a_process_that_stands_still_for_three_seconds_closes_nobody"),
            "tests/live/test_lateness.py::test_a_process_that_stays_late_takes_no_more_commands_until_it_is_on_time",
        ),
    ),
    Row(
        31,
        "200 phones read nothing, on a page of some hundred kilobytes",
        "They are cut; the process stays below 300 MB; others do not notice.",
        here(SERVERS, "readers_that_never_read_are_cut_and_cost_little"),
        40,
    ),
    Row(
        32,
        "A process has 256 descriptors for 256 phones",
        "What it cannot carry is answered 503 with a time to come back; pages are served; it recovers.",
        here(SERVERS, "a_process_out_of_descriptors_sends_sockets_away_and_recovers"),
    ),
    Row(
        52,
        "A worker hangs without dying: stopped, or its own code blocked for good",
        "Noticed after ten missed beats, killed, replaced; its phones are back with all they wrote; the log says where it stood.",
        (f"{WORKERS}a_worker_that_hangs_without_dying_is_replaced_and_its_phones_come_back",),
        30,
    ),
    # --- who is present
    Row(
        71,
        "The server that holds phones is killed, while others come and go",
        "Who does not come back is away in time; who does is counted once; nobody hears that everybody is done before they are.",
        here("present", "J8_phones_of_a_killed_server_are_away_in_time_and_count_once_where_they_come_back"),
        30,
    ),
    Row(
        72,
        "Every bell is lost, and one server does not reach the store, while phones come and go",
        "Presence needs no bell; who comes is present within two looks; the server without the store calls nobody away.",
        here("present", "J8_presence_needs_no_bell_and_a_server_without_the_store_calls_nobody_away"),
        20,
    ),
    Row(
        73,
        "The store goes for longer than a silence counts, or forgets who was present",
        "Nobody is away by that, and who asks for a page meanwhile is present; both desks are right again in time.",
        here("present", "J8_a_store_that_goes_or_forgets_makes_nobody_away_and_nobody_done"),
        30,
    ),
)
