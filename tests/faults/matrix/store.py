"""The store and its doorbell: away, slow, cut, torn, or with less than it had."""

from typing import Final

from tests.faults.matrix.row import Row, here

AWAY = "while_the_store_is_away_everything_is_read_and_the_desk_is_told"
LIMPING = "a_limping_line_loses_nothing_and_doubles_nothing"
REFUSING = "a_store_that_takes_no_writes_ticks_nothing_and_keeps_all_pages"
JOURNAL = "tests/journal/test_faults.py::test_"
LOSS = "tests/browser/test_loss_across_steps.py::test_"
STORE = "store"
DISK = "disk"
BELLS = "bells"

ROWS: Final = (
    # --- the store
    Row(
        1,
        "The store's answer to an append is lost",
        "The batch is found in the journal and ticked at its own number; nothing is written twice.",
        (*here(STORE, f"{LIMPING}[lose]"), f"{JOURNAL}a_lost_reply_leaves_the_outcome_unknown_and_one_copy"),
    ),
    Row(
        2,
        "The request is lost before the store",
        "It is executed once, when it is asked again.",
        (
            *here(STORE, f"{LIMPING}[drop]"),
            f"{JOURNAL}a_request_that_never_arrived_is_executed_once_when_asked_again",
        ),
        12,
    ),
    Row(
        3,
        "The line breaks 37 bytes into a request",
        "The store drops the piece; it is executed once, when it is asked again.",
        here(STORE, f"{LIMPING}[tear]"),
        12,
    ),
    Row(
        4,
        "kill -9 of the store, three times, while people write",
        "Every ticked card is there; the store's life is counted up; phones resume.",
        here(DISK, "a_store_killed_while_people_write_loses_nothing"),
    ),
    Row(
        5,
        "Power cut: the journal file ends in the middle of a write",
        "The torn end is cut off and kept aside; what the store lost is offered again by the phones, once.",
        (
            *here(DISK, "a_torn_end_of_the_journal_file_is_cut_off_and_the_room_goes_on"),
            "tests/journal/test_torn.py::test_a_torn_end_of_the_journal_file_is_cut_off_and_kept_aside",
        ),
    ),
    Row(
        6,
        "The journal file is damaged in the middle",
        "Not ready; nothing starts; the operator is told the recipe.",
        (
            *here(DISK, "a_damaged_journal_file_is_told_with_its_cure_and_nothing_starts"),
            "tests/journal/test_torn.py::test_a_damaged_journal_file_is_told_with_a_recipe_that_works",
        ),
    ),
    Row(
        7,
        "Disk full, appendfsync always",
        "Nothing is ticked while it is full; nothing ticked is lost; it goes on when there is room.",
        (
            *here(DISK, "a_full_disk_stops_saving_and_loses_nothing"),
            "tests/journal/test_embedded.py::test_a_full_disk_loses_nothing_that_was_acknowledged",
        ),
    ),
    Row(
        8,
        "Disk full, appendfsync everysec, then kill -9",
        "MISCONF; at most the last batch is lost by the store, and offered again.",
        here(DISK, "a_full_disk_under_everysec_may_lose_the_last_batch"),
        15,
    ),
    Row(
        9,
        "The disk takes 1.5 s to confirm each write",
        "Ticks come late and are true; nobody is shown what is not on disk; no page waits.",
        here(DISK, "a_disk_that_confirms_late_delays_ticks_and_shows_nothing_before"),
        15,
    ),
    Row(
        10,
        "The store is out of memory",
        "Refused before its first line: no tick, no bell, head unchanged; texts are kept on the phones.",
        here(STORE, f"{REFUSING}[memory]"),
    ),
    Row(
        11,
        "READONLY: the primary became a replica",
        "Nothing is ticked by it; the server goes to the primary that the address leads to now.",
        (
            *here(STORE, "after_a_demotion_the_server_goes_to_the_new_primary"),
            f"{JOURNAL}a_store_that_cannot_write_refuses_whole_and_rings_no_bell",
        ),
        15,
    ),
    Row(
        12,
        "NOREPLICAS: the primary is alone and must not be",
        "Refused: no tick, no bell, head unchanged; texts are kept on the phones.",
        here(STORE, f"{REFUSING}[replicas]"),
        12,
    ),
    Row(
        13,
        "Failover: the primary dies, a replica that lags behind is promoted",
        "Back within 15 s; what the replica never had is offered again by the phones, once.",
        here(STORE, "a_failover_is_survived_and_what_the_replica_never_had_is_known"),
        20,
    ),
    Row(
        14,
        "Connections are refused for 5 s, then the store is at another place",
        "The server keeps trying and finds it.",
        here(STORE, "a_store_that_moves_while_it_refuses_connections_is_found"),
        20,
    ),
    Row(
        15,
        "A script without end (BUSY, UNKILLABLE)",
        "Not ready; people are told; after SHUTDOWN NOSAVE and a start nothing is lost.",
        (
            *here(STORE, "a_script_without_end_is_told_and_the_runbook_loses_nothing"),
            f"{JOURNAL}a_slow_script_of_somebody_else_is_reported_as_busy",
        ),
        15,
    ),
    Row(
        16,
        "The store stands still for 3 s",
        "Given up at the deadline, tried again; ops are kept; the server's loop lives.",
        (
            *here(STORE, "a_store_that_stands_still_for_three_seconds_stops_no_page"),
            f"{JOURNAL}a_silent_store_is_given_up_at_the_deadline",
        ),
        12,
    ),
    Row(
        17,
        "FLUSHALL by mistake",
        "The room is frozen, never silently empty: pages stay, and the facilitator can download it.",
        here(STORE, "a_flushed_store_freezes_the_room_and_nothing_is_silently_empty"),
    ),
    Row(
        18,
        "FUNCTION FLUSH while people write",
        "The library is loaded again; nothing is executed twice.",
        (
            *here(STORE, "a_library_flushed_from_the_store_is_loaded_again"),
            "tests/journal/test_beside.py::test_a_flushed_library_is_loaded_again",
        ),
        10,
    ),
    # --- the doorbell
    Row(
        19,
        "Three bells of ten are lost",
        "The next bell, or the check every 2 s, brings what was missed.",
        here(BELLS, "bells_that_are_lost_delay_news_by_one_check_at_most"),
        12,
    ),
    Row(
        20,
        "The last bell is lost, then silence",
        "Shown on other processes within 2 s all the same.",
        here(BELLS, "the_last_bell_lost_delays_news_by_one_check_at_most"),
        12,
    ),
    Row(
        21,
        "Bells come twice, in the wrong order, across a reconnection",
        "Nothing changes: a bell carries a number and no content.",
        here(BELLS, "bells_rung_twice_or_late_change_nothing"),
        10,
    ),
    Row(
        22,
        "The subscription's connection is half open",
        "Left and opened anew after 7 s of silence; meanwhile the check every 2 s brings the news.",
        here(BELLS, "a_half_open_subscription_is_noticed_and_left"),
        12,
    ),
    Row(
        23,
        "The confirmation of a subscription comes 2 s late",
        "The first page waits for it, and there is no hole between reading and listening.",
        here(BELLS, "a_late_confirmation_leaves_no_hole_between_reading_and_listening"),
        12,
    ),
    Row(
        24,
        "More calls at once than the pool has connections",
        "They wait their turn; before a silent store all are told in time; nothing queues without bound.",
        (
            f"{JOURNAL}a_crowd_of_calls_waits_its_turn_and_is_all_served",
            f"{JOURNAL}a_crowd_before_a_silent_store_is_told_so_in_time",
        ),
    ),
    Row(
        25,
        "Sockets close exactly while the store is asked for them",
        "Every later answer reaches who asked for it.",
        (
            *here(BELLS, "every_answer_reaches_who_asked_though_many_hang_up_in_between"),
            f"{JOURNAL}replies_never_reach_another_caller",
            f"{JOURNAL}a_cancelled_append_is_not_torn",
        ),
        20,
    ),
    # --- what is read, and what is told, while nothing is saved
    Row(
        53,
        "The store is gone",
        "The desk and phones are told within seconds; pages, receipts, exports and health are served as of the last number, and say so; "
        "what is sent meanwhile leaves by itself.",
        here("away", f"{AWAY}[killed]"),
    ),
    Row(
        54,
        "The store stands still for half a minute",
        "As if it were gone: told, read from memory, caught up.",
        here("away", f"{AWAY}[stopped]"),
        60,
    ),
    Row(
        55,
        "A replica stands still",
        "Named with its cure, and not called a slow disk; writes wait for it once, then no more; nothing is lost.",
        here("away", "a_replica_that_stands_still_is_named_and_is_no_slow_disk"),
        20,
    ),
    # --- after the store itself lost something
    Row(
        58,
        "An older copy of the store is put back across one, two or three steps, with one desk, two, or one that sleeps",
        "Every card and vote whose phone is there is counted; nothing leads without a press; the desk's numbers are exact.",
        (f"{LOSS}after_a_loss_the_phones_come_first_and_the_desk_presses",),
        200,
    ),
    Row(
        59,
        "An older copy is put back, from before anybody joined",
        "The way in says what happened; who comes in again in the same browser sends what is theirs, once; the desk reads what is missing.",
        (
            f"{LOSS}O13_who_comes_in_again_after_a_copy_from_before_they_joined_is_told_and_sends_what_is_theirs",
            f"{LOSS}O13_two_windows_that_come_in_again_send_it_once",
        ),
        60,
    ),
)
