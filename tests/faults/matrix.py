"""The fault matrix: what can go wrong, what must be seen then, and the tests that show it.

One row each. A row is shown by tests of this folder, or pointed at where the repository shows it already; ``make
faults`` runs both. ``seconds``: a row that takes longer than a few is left to ``make faults``; ``make test`` runs the
others. ``tests/faults/test_matrix.py`` holds rows and tests to each other.
"""

from typing import Final, NamedTuple

HERE: Final = "tests/faults"


class Row(NamedTuple):
    """One fault."""

    number: int
    fault: str
    expected: str
    shown_by: tuple[str, ...]  # tests, as pytest names them; without parameters: with all of them
    seconds: int = 0  # what it takes, when that is too long for ``make test``

    def is_shown_by(self, nodeid: str) -> bool:
        return any(nodeid == name or nodeid.startswith(f"{name}[") for name in self.shown_by)


def _here(file: str, *tests: str) -> tuple[str, ...]:
    return tuple(f"{HERE}/test_{file}.py::test_{test}" for test in tests)


STORE, DISK, BELLS, SERVERS, NETWORK, DATA = "store", "disk", "bells", "servers", "network", "data"
AWAY = "while_the_store_is_away_everything_is_read_and_the_desk_is_told"
LIMPING = "a_limping_line_loses_nothing_and_doubles_nothing"
REFUSING = "a_store_that_takes_no_writes_ticks_nothing_and_keeps_all_pages"
JOURNAL = "tests/journal/test_faults.py::test_"
WORKERS = "tests/processes/test_workers.py::test_"
CLIENT = "tests/browser/client/test_connection.py::test_"
EARLIER = "tests/browser/client/test_earlier.py::test_"
UNREADABLE = "tests/browser/client/test_unreadable.py::test_"
STILL = "tests/browser/test_standing_still.py::test_"
MONTHS = "tests/browser/test_three_months.py::test_"
ENTERING = "tests/web/test_entering.py::test_"

LOSS = "tests/browser/test_loss_across_steps.py::test_"
ERASING = "tests/keeping/test_erasure.py::test_K2_"

ROWS: Final = (
    # --- the store
    Row(
        1,
        "The store's answer to an append is lost",
        "The batch is found in the journal and ticked at its own number; nothing is written twice.",
        (*_here(STORE, f"{LIMPING}[lose]"), f"{JOURNAL}a_lost_reply_leaves_the_outcome_unknown_and_one_copy"),
    ),
    Row(
        2,
        "The request is lost before the store",
        "It is executed once, when it is asked again.",
        (
            *_here(STORE, f"{LIMPING}[drop]"),
            f"{JOURNAL}a_request_that_never_arrived_is_executed_once_when_asked_again",
        ),
        12,
    ),
    Row(
        3,
        "The line breaks 37 bytes into a request",
        "The store drops the piece; it is executed once, when it is asked again.",
        _here(STORE, f"{LIMPING}[tear]"),
        12,
    ),
    Row(
        4,
        "kill -9 of the store, three times, while people write",
        "Every ticked card is there; the store's life is counted up; phones resume.",
        _here(DISK, "a_store_killed_while_people_write_loses_nothing"),
    ),
    Row(
        5,
        "Power cut: the journal file ends in the middle of a write",
        "The torn end is cut off and kept aside; what the store lost is offered again by the phones, once.",
        (
            *_here(DISK, "a_torn_end_of_the_journal_file_is_cut_off_and_the_room_goes_on"),
            "tests/journal/test_embedded.py::test_a_torn_end_of_the_journal_file_is_cut_off_and_kept_aside",
        ),
    ),
    Row(
        6,
        "The journal file is damaged in the middle",
        "Not ready; nothing starts; the operator is told the recipe.",
        (
            *_here(DISK, "a_damaged_journal_file_is_told_with_its_cure_and_nothing_starts"),
            "tests/journal/test_embedded.py::test_a_damaged_journal_file_is_told_with_a_recipe_that_works",
        ),
    ),
    Row(
        7,
        "Disk full, appendfsync always",
        "Nothing is ticked while it is full; nothing ticked is lost; it goes on when there is room.",
        (
            *_here(DISK, "a_full_disk_stops_saving_and_loses_nothing"),
            "tests/journal/test_embedded.py::test_a_full_disk_loses_nothing_that_was_acknowledged",
        ),
    ),
    Row(
        8,
        "Disk full, appendfsync everysec, then kill -9",
        "MISCONF; at most the last batch is lost by the store, and offered again.",
        _here(DISK, "a_full_disk_under_everysec_may_lose_the_last_batch"),
        15,
    ),
    Row(
        9,
        "The disk takes 1.5 s to confirm each write",
        "Ticks come late and are true; nobody is shown what is not on disk; no page waits.",
        _here(DISK, "a_disk_that_confirms_late_delays_ticks_and_shows_nothing_before"),
        15,
    ),
    Row(
        10,
        "The store is out of memory",
        "Refused before its first line: no tick, no bell, head unchanged; texts are kept on the phones.",
        _here(STORE, f"{REFUSING}[memory]"),
    ),
    Row(
        11,
        "READONLY: the primary became a replica",
        "Nothing is ticked by it; the server goes to the primary that the address leads to now.",
        (
            *_here(STORE, "after_a_demotion_the_server_goes_to_the_new_primary"),
            f"{JOURNAL}a_store_that_cannot_write_refuses_whole_and_rings_no_bell",
        ),
        15,
    ),
    Row(
        12,
        "NOREPLICAS: the primary is alone and must not be",
        "Refused: no tick, no bell, head unchanged; texts are kept on the phones.",
        _here(STORE, f"{REFUSING}[replicas]"),
        12,
    ),
    Row(
        13,
        "Failover: the primary dies, a replica that lags behind is promoted",
        "Back within 15 s; what the replica never had is offered again by the phones, once.",
        _here(STORE, "a_failover_is_survived_and_what_the_replica_never_had_is_known"),
        20,
    ),
    Row(
        14,
        "Connections are refused for 5 s, then the store is at another place",
        "The server keeps trying and finds it.",
        _here(STORE, "a_store_that_moves_while_it_refuses_connections_is_found"),
        20,
    ),
    Row(
        15,
        "A script without end (BUSY, UNKILLABLE)",
        "Not ready; people are told; after SHUTDOWN NOSAVE and a start nothing is lost.",
        (
            *_here(STORE, "a_script_without_end_is_told_and_the_runbook_loses_nothing"),
            f"{JOURNAL}a_slow_script_of_somebody_else_is_reported_as_busy",
        ),
        15,
    ),
    Row(
        16,
        "The store stands still for 3 s",
        "Given up at the deadline, tried again; ops are kept; the server's loop lives.",
        (
            *_here(STORE, "a_store_that_stands_still_for_three_seconds_stops_no_page"),
            f"{JOURNAL}a_silent_store_is_given_up_at_the_deadline",
        ),
        12,
    ),
    Row(
        17,
        "FLUSHALL by mistake",
        "The room is frozen, never silently empty: pages stay, and the facilitator can download it.",
        _here(STORE, "a_flushed_store_freezes_the_room_and_nothing_is_silently_empty"),
    ),
    Row(
        18,
        "FUNCTION FLUSH while people write",
        "The library is loaded again; nothing is executed twice.",
        (
            *_here(STORE, "a_library_flushed_from_the_store_is_loaded_again"),
            "tests/journal/test_beside.py::test_a_flushed_library_is_loaded_again",
        ),
        10,
    ),
    # --- the doorbell
    Row(
        19,
        "Three bells of ten are lost",
        "The next bell, or the check every 2 s, brings what was missed.",
        _here(BELLS, "bells_that_are_lost_delay_news_by_one_check_at_most"),
        12,
    ),
    Row(
        20,
        "The last bell is lost, then silence",
        "Shown on other processes within 2 s all the same.",
        _here(BELLS, "the_last_bell_lost_delays_news_by_one_check_at_most"),
        12,
    ),
    Row(
        21,
        "Bells come twice, in the wrong order, across a reconnection",
        "Nothing changes: a bell carries a number and no content.",
        _here(BELLS, "bells_rung_twice_or_late_change_nothing"),
        10,
    ),
    Row(
        22,
        "The subscription's connection is half open",
        "Left and opened anew after 7 s of silence; meanwhile the check every 2 s brings the news.",
        _here(BELLS, "a_half_open_subscription_is_noticed_and_left"),
        12,
    ),
    Row(
        23,
        "The confirmation of a subscription comes 2 s late",
        "The first page waits for it, and there is no hole between reading and listening.",
        _here(BELLS, "a_late_confirmation_leaves_no_hole_between_reading_and_listening"),
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
            *_here(BELLS, "every_answer_reaches_who_asked_though_many_hang_up_in_between"),
            f"{JOURNAL}replies_never_reach_another_caller",
            f"{JOURNAL}a_cancelled_append_is_not_torn",
        ),
        20,
    ),
    # --- server processes
    Row(
        26,
        "kill -9 of one server process of three",
        "Its phones write again by the others within 8 s; budgets of votes hold.",
        _here(SERVERS, "phones_of_a_killed_process_go_to_the_others"),
    ),
    Row(
        27,
        "kill -9 of all server processes, with 200 phones",
        "Joins take less than 3 s when the processes are there again.",
        _here(SERVERS, "a_hall_comes_back_after_all_processes_were_killed_together"),
        20,
    ),
    Row(
        28,
        "SIGTERM: a deploy in the middle of a crowd",
        "Everybody is told when to come back, in groups; the process ends within 10 s; nothing is lost.",
        (
            *_here(SERVERS, "a_deploy_in_the_middle_of_a_crowd_loses_nothing"),
            "tests/processes/test_kills.py::test_a_server_told_to_stop_says_when_to_come_back_and_ends_well",
        ),
        30,
    ),
    Row(
        29,
        "Two versions side by side",
        "Pages of this protocol and of the one before show one board, others are told to reload; a fact that a "
        "process does not know stops the room on it: read-only, nothing misread or dropped.",
        _here(SERVERS, "two_versions_show_one_board_and_neither_misreads_the_other"),
        10,
    ),
    Row(
        30,
        "A server process stands still for 3 s",
        "No connection is closed for it; the log says how late it was.",
        (
            *_here(SERVERS, "a_process_that_stands_still_for_three_seconds_closes_nobody"),
            "tests/live/test_lateness.py::test_a_process_that_stays_late_takes_no_more_commands_until_it_is_on_time",
        ),
    ),
    Row(
        31,
        "200 phones read nothing, on a page of some hundred kilobytes",
        "They are cut; the process stays below 300 MB; others do not notice.",
        _here(SERVERS, "readers_that_never_read_are_cut_and_cost_little"),
        40,
    ),
    Row(
        32,
        "A process has 256 descriptors for 256 phones",
        "What it cannot carry is answered 503 with a time to come back; pages are served; it recovers.",
        _here(SERVERS, "a_process_out_of_descriptors_sends_sockets_away_and_recovers"),
    ),
    # --- the network, and phones
    Row(
        33,
        "One phone reads nothing",
        "Passed over, never queued for, cut 10 s after it took the last byte; others do not notice.",
        (
            *_here(NETWORK, "a_reader_that_stands_still_is_passed_over_and_cut"),
            "tests/live/test_rooms.py::test_a_slow_phone_is_skipped_and_later_given_what_changed_since",
        ),
        30,
    ),
    Row(
        34,
        "Slowloris: a byte now and then, in a request, a handshake or a hello",
        "Let go after 5 s.",
        _here(NETWORK, "who_speaks_a_byte_at_a_time_is_let_go"),
        15,
    ),
    Row(
        35,
        "A line dies without a word (no pong)",
        "The server frees it within 40 s; the phone comes back as one socket.",
        _here(NETWORK, "a_phone_behind_a_dead_line_is_freed_and_comes_back_once"),
        50,
    ),
    Row(
        36,
        "A third of all sockets is reset, twelve times",
        "Phones resume; nothing is lost or doubled.",
        _here(NETWORK, "sockets_that_are_reset_again_and_again_lose_nothing"),
    ),
    Row(
        37,
        "30 % of packets are lost, both ways",
        "Ops come late, none is lost or doubled.",
        _here(NETWORK, "lost_packets_delay_and_lose_nothing"),
        25,
    ),
    Row(
        38,
        "64 kbit/s for each phone",
        "Updates come together; a page of many cards still arrives; people can work.",
        _here(NETWORK, "a_thin_line_gets_fewer_larger_updates_and_stays_usable"),
        40,
    ),
    Row(
        39,
        "2 s there and back, more or less",
        "Nobody connects again for it.",
        _here(NETWORK, "a_far_away_network_makes_nobody_connect_again"),
        30,
    ),
    Row(
        40,
        "Bytes come one by one",
        "They are read all the same.",
        _here(NETWORK, "bytes_that_come_one_by_one_are_read"),
        15,
    ),
    Row(
        41,
        "A proxy ends connections that are silent for 30 s",
        "The heartbeat every 10 s keeps them.",
        _here(NETWORK, "a_proxy_that_ends_what_is_silent_ends_nobody"),
        45,
    ),
    Row(
        42,
        "A phone sleeps, then wakes",
        "A new socket at once; what was written meanwhile is sent once and in order.",
        (
            f"{CLIENT}after_a_sleep_there_is_a_new_socket",
            f"{CLIENT}what_was_written_without_a_network_is_sent_on_return_once_and_in_order",
            f"{CLIENT}a_silent_server_is_called_stale_after_fifteen_seconds_and_left_after_twenty_five",
        ),
    ),
    Row(
        43,
        "Two tabs on one phone; a duplicated tab",
        "Each has a number of its own; the clone takes a fresh one; nothing is doubled.",
        (
            f"{CLIENT}a_duplicated_tab_takes_a_number_of_its_own",
            f"{CLIENT}who_is_replaced_by_another_page_goes_on_under_a_fresh_number",
            "tests/web/test_socket.py::test_the_newest_connection_of_a_tab_replaces_the_older",
        ),
    ),
    Row(
        44,
        "No storage on the phone, or it is full",
        "It works, and says that nothing is kept.",
        (
            f"{CLIENT}without_storage_it_works_and_says_that_nothing_is_kept",
            f"{CLIENT}a_full_outbox_takes_no_more_and_leaves_the_text_in_its_field",
        ),
    ),
    Row(
        45,
        "2,000 phones of one address reconnect at the same instant",
        "All are back within 15 s, and none is refused.",
        _here(NETWORK, "two_thousand_phones_of_one_address_come_back_at_once"),
        45,
    ),
    # --- clocks, names, data
    Row(
        46,
        "The server's clock jumps a day forward, and back",
        "No timer, cookie or order minds it.",
        _here(DATA, "a_clock_that_jumps_a_day_ends_nothing_early_and_changes_no_order"),
        12,
    ),
    Row(
        47,
        "No names of hosts on the LAN",
        "Pages ask for paths only; links and the QR say an address of numbers.",
        _here(DATA, "a_hall_without_names_of_hosts_needs_none"),
        8,
    ),
    Row(
        48,
        "The store dies during an export",
        "The file comes whole from what the server holds; asked again, it has the same bytes.",
        _here(DATA, "an_export_while_the_store_dies_is_whole_and_the_same"),
    ),
    Row(
        49,
        "A stored state is corrupt",
        "None is stored: a process started anew makes the same bytes of the journal.",
        _here(DATA, "a_room_is_rebuilt_from_its_journal_alone"),
        12,
    ),
    Row(
        50,
        "Somebody adds an entry to a journal by hand",
        "Flagged by the chain; the room is read-only as far as it can be explained; an alarm is logged.",
        (
            *_here(DATA, "a_journal_touched_by_hand_is_read_as_far_as_it_goes_and_takes_nothing"),
            "tests/journal/test_beside.py::test_what_cannot_be_explained_is_not_read",
        ),
    ),
    Row(
        51,
        "A room of 10,000 facts is joined cold by 200",
        "The page is there within 3 s for 99 of 100.",
        _here(DATA, "a_room_of_ten_thousand_facts_is_joined_by_two_hundred"),
        20,
    ),
    Row(
        52,
        "A worker hangs without dying: stopped, or its own code blocked for good",
        "Noticed after ten missed beats, killed, replaced; its phones are back with all they wrote; the log says where it stood.",
        (f"{WORKERS}a_worker_that_hangs_without_dying_is_replaced_and_its_phones_come_back",),
        30,
    ),
    # --- what is read, and what is told, while nothing is saved
    Row(
        53,
        "The store is gone",
        "The desk and phones are told within seconds; pages, receipts, exports and health are served as of the last number, and say so; "
        "what is sent meanwhile leaves by itself.",
        _here("away", f"{AWAY}[killed]"),
    ),
    Row(
        54,
        "The store stands still for half a minute",
        "As if it were gone: told, read from memory, caught up.",
        _here("away", f"{AWAY}[stopped]"),
        60,
    ),
    Row(
        55,
        "A replica stands still",
        "Named with its cure, and not called a slow disk; writes wait for it once, then no more; nothing is lost.",
        _here("away", "a_replica_that_stands_still_is_named_and_is_no_slow_disk"),
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
    # --- phones that cannot do all that we ask of them
    Row(
        60,
        "A message that the server cannot read: half an emoji from an older Safari, or whatever else",
        "Answered, under its number where that is read; the text is back in its field or beside it; nothing behind it waits.",
        (
            f"{UNREADABLE}W1_what_cannot_be_read_is_given_back_and_what_is_behind_it_is_taken_once",
            f"{UNREADABLE}W1_while_something_else_stands_in_the_field_it_is_given_back_beside",
            "tests/web/test_wire.py::test_W1_an_op_that_cannot_be_read_is_answered_under_its_number",
            "tests/web/test_socket.py::test_what_cannot_be_read_is_answered_and_the_third_time_ends_it",
        ),
    ),
    Row(
        61,
        "One message gets no answer, those behind it do",
        "What is out of order and not the first waits before it goes again, longer each time; all is taken once on a new line.",
        (f"{UNREADABLE}what_is_behind_an_op_without_an_answer_is_not_sent_on_and_on",),
    ),
    Row(
        62,
        "A script is lost once, blocked, or cannot be read by this browser",
        "Asked for once more; else the page says that it does not change by itself and what to do, and every form works, once a press.",
        (
            f"{STILL}a_script_that_was_lost_once_is_asked_for_again",
            f"{STILL}where_the_script_does_not_run_the_page_says_what_works_and_forms_work_once_each",
        ),
    ),
    Row(
        63,
        "The page runs, and the server has not answered it: a library never comes, the policy is not understood",
        "No form's own way is prevented before ops are known to get through; what cannot be undone asks first there too.",
        (
            f"{STILL}until_the_server_has_answered_a_page_its_forms_go_their_own_way",
            f"{STILL}a_browser_that_does_not_know_strict_dynamic_comes_alive",
            "tests/browser/client/test_acts.py::test_before_the_server_has_answered_it_is_asked_too_and_a_yes_posts_what_was_pressed",
        ),
    ),
    Row(
        64,
        "Cookies are refused",
        "Nobody is made, however often one presses; the page says so and what to do.",
        (
            f"{STILL}a_browser_that_keeps_no_cookies_is_told_so_and_is_nobody_however_often_one_presses",
            f"{ENTERING}a_browser_that_keeps_no_cookies_is_told_so_and_makes_nobody_however_often_one_presses",
            f"{ENTERING}a_link_opened_in_a_browser_that_keeps_no_cookies_makes_nobody_either",
        ),
    ),
    Row(
        65,
        "WebSockets or storage are refused, or throw",
        "Everything goes by plain requests, from memory; the page says that nothing is kept.",
        (
            f"{STILL}where_sockets_and_storage_throw_at_once_the_page_is_live_all_the_same",
            f"{CLIENT}where_sockets_are_blocked_everything_goes_by_http",
            f"{CLIENT}a_lost_answer_by_http_does_not_double_either",
            f"{CLIENT}without_storage_it_works_and_says_that_nothing_is_kept",
        ),
    ),
    Row(
        66,
        "The page is shown inside another app, which may forget it",
        "It says so before one comes in, and what to do; who presses often is one person.",
        (
            f"{STILL}inside_another_app_one_is_told_what_to_do_and_is_one_person_however_often_one_presses",
            f"{ENTERING}who_is_inside_another_app_is_told_what_to_do",
            f"{ENTERING}pressing_join_twice_makes_one_person",
        ),
    ),
    Row(
        67,
        "Three months pass: the server is started anew, links are renewed, cookies end or were deleted",
        "Everybody is who they were; what was taken back opens nothing; who is not known any more comes back by their own code.",
        (
            f"{MONTHS}after_a_restart_renewed_links_and_three_months_everybody_is_still_themselves",
            f"{MONTHS}a_phone_that_was_away_for_longer_than_browsers_keep_anything_is_a_newcomer_and_is_told_what_to_do",
        ),
        30,
    ),
    Row(
        68,
        "Earlier cards come from a server that is behind, or of another life of the store; or not at all; or it is tapped twice",
        "What is older than the page is not put into it: the link leads to the cards before those of the page. It is asked for once.",
        (
            f"{EARLIER}an_answer_older_than_the_page_brings_nothing_back_that_was_taken_away",
            f"{EARLIER}without_an_answer_the_link_leads_where_the_cards_are",
            f"{EARLIER}who_taps_again_while_the_cards_are_on_their_way_sees_that_they_are_and_asks_once",
        ),
    ),
    Row(
        69,
        "A page of before an update has the script of after it",
        "It asks for long lists as a whole and lets go of nothing, since nothing in it leads back.",
        (
            f"{EARLIER}a_page_of_before_the_update_asks_for_long_lists_as_a_whole",
            f"{EARLIER}a_page_from_which_nothing_leads_back_lets_go_of_nothing",
        ),
    ),
    Row(
        70,
        "The forum goes, or nobody answers, while somebody waits to be let in",
        "They go on waiting through silence and refusals that pass; once it is gone, their page is loaded anew and says so.",
        (f"{STILL}J2_who_waits_goes_on_while_nobody_answers_and_is_told_once_the_forum_is_gone",),
    ),
)
