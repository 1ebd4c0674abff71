"""The network and the phones on it: lines that break, browsers that cannot do all that we ask of them."""

from typing import Final

from tests.faults.matrix.row import Row, here

CLIENT = "tests/browser/client/test_connection.py::test_"
OUTBOX = "tests/browser/client/test_outbox.py::test_"
EARLIER = "tests/browser/client/test_earlier.py::test_"
UNREADABLE = "tests/browser/client/test_unreadable.py::test_"
STILL = "tests/browser/test_standing_still.py::test_"
MONTHS = "tests/browser/test_three_months.py::test_"
ENTERING = "tests/web/test_entering.py::test_"
NETWORK = "network"

ROWS: Final = (
    # --- the network
    Row(
        33,
        "One phone reads nothing",
        "Passed over, never queued for, cut 10 s after it took the last byte; others do not notice.",
        (
            *here(NETWORK, "a_reader_that_stands_still_is_passed_over_and_cut"),
            "tests/live/test_rooms.py::test_a_slow_phone_is_skipped_and_later_given_what_changed_since",
        ),
        30,
    ),
    Row(
        34,
        "Slowloris: a byte now and then, in a request, a handshake or a hello",
        "Let go after 5 s.",
        here(NETWORK, "who_speaks_a_byte_at_a_time_is_let_go"),
        15,
    ),
    Row(
        35,
        "A line dies without a word (no pong)",
        "The server frees it within 40 s; the phone comes back as one socket.",
        here(NETWORK, "a_phone_behind_a_dead_line_is_freed_and_comes_back_once"),
        50,
    ),
    Row(
        36,
        "A third of all sockets is reset, twelve times",
        "Phones resume; nothing is lost or doubled.",
        here(NETWORK, "sockets_that_are_reset_again_and_again_lose_nothing"),
    ),
    Row(
        37,
        "30 % of packets are lost, both ways",
        "Ops come late, none is lost or doubled.",
        here(NETWORK, "lost_packets_delay_and_lose_nothing"),
        25,
    ),
    Row(
        38,
        "64 kbit/s for each phone",
        "Updates come together; a page of many cards still arrives; people can work.",
        here(NETWORK, "a_thin_line_gets_fewer_larger_updates_and_stays_usable"),
        40,
    ),
    Row(
        39,
        "2 s there and back, more or less",
        "Nobody connects again for it.",
        here(NETWORK, "a_far_away_network_makes_nobody_connect_again"),
        30,
    ),
    Row(
        40,
        "Bytes come one by one",
        "They are read all the same.",
        here(NETWORK, "bytes_that_come_one_by_one_are_read"),
        15,
    ),
    Row(
        41,
        "A proxy ends connections that are silent for 30 s",
        "The heartbeat every 10 s keeps them.",
        here(NETWORK, "a_proxy_that_ends_what_is_silent_ends_nobody"),
        45,
    ),
    Row(
        42,
        "A phone sleeps, then wakes",
        "A new socket at once; what was written meanwhile is sent once and in order.",
        (
            f"{CLIENT}after_a_sleep_there_is_a_new_socket",
            f"{OUTBOX}what_was_written_without_a_network_is_sent_on_return_once_and_in_order",
            f"{CLIENT}a_silent_server_is_called_stale_after_fifteen_seconds_and_left_after_twenty_five",
        ),
    ),
    Row(
        43,
        "Two tabs on one phone; a duplicated tab",
        "Each has a number of its own; the clone takes a fresh one; nothing is doubled.",
        (
            f"{OUTBOX}a_duplicated_tab_takes_a_number_of_its_own",
            f"{OUTBOX}who_is_replaced_by_another_page_goes_on_under_a_fresh_number",
            "tests/web/test_socket.py::test_the_newest_connection_of_a_tab_replaces_the_older",
        ),
    ),
    Row(
        44,
        "No storage on the phone, or it is full",
        "It works, and says that nothing is kept.",
        (
            f"{OUTBOX}without_storage_it_works_and_says_that_nothing_is_kept",
            f"{OUTBOX}a_full_outbox_takes_no_more_and_leaves_the_text_in_its_field",
        ),
    ),
    Row(
        45,
        "2,000 phones of one address reconnect at the same instant",
        "All are back within 15 s, and none is refused.",
        here(NETWORK, "two_thousand_phones_of_one_address_come_back_at_once"),
        45,
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
            f"{OUTBOX}without_storage_it_works_and_says_that_nothing_is_kept",
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
