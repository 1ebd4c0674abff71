"""The bad-input catalogue: every row has its place here. Shown by tests of this folder, by older ones, or by neither.

``doors`` are rows of the tables in ``test_messages``, ``test_codes``, ``test_texts`` and ``test_points``; ``tests`` names
functions anywhere under ``tests``; ``absent`` says why an input cannot reach this version. ``test_catalogue`` holds the
numbers and the names to what there is.
"""

from typing import Final, NamedTuple


class Row(NamedTuple):
    """One row of the catalogue."""

    what: str
    doors: bool = False  # run over every door it applies to, by the tables
    tests: tuple[str, ...] = ()  # functions that show it
    absent: str = ""  # why it cannot happen here


NO_UPLOAD: Final = (
    "tables and photographs apart nothing is uploaded in this version: no ZIP or document has a door"
)
NO_DOCUMENTS: Final = "documents are Markdown, CSV and JSON; nothing is typeset"

ROWS: Final[dict[int, Row]] = {
    1: Row("not JSON", doors=True),
    2: Row("JSON that is no object", doors=True),
    3: Row("a binary frame", tests=("test_frames_of_another_kind_or_size_end_it",)),
    4: Row("invalid UTF-8", tests=("test_bytes_that_are_no_frame_end_it",)),
    5: Row("a frame over 32 KiB", tests=("test_frames_of_another_kind_or_size_end_it",)),
    6: Row("fragments over 32 KiB together", tests=("test_a_large_message_in_pieces_ends_it_too",)),
    7: Row("frames against RFC 6455", tests=("test_bytes_that_are_no_frame_end_it", "test_autobahns_cases_pass")),
    8: Row("compression agreed, and used without having been agreed", tests=(
        "test_a_frame_that_inflates_beyond_the_limit_is_refused", "test_bytes_that_are_no_frame_end_it")),
    9: Row("nesting without end", doors=True),
    10: Row("numbers that are none, or without end", doors=True),
    11: Row("keys said twice", doors=True),
    12: Row("fields that nobody asked for", doors=True),
    13: Row("values of another type", doors=True),
    14: Row("names that mean something to JavaScript", doors=True),
    15: Row("a first frame that is no hello, a second hello", tests=(
        "test_a_first_frame_that_is_no_hello_ends_it", "test_a_second_hello_ends_it")),
    16: Row("no hello", tests=("test_who_says_nothing_is_let_go", "test_a_socket_that_does_not_say_who_it_is_is_let_go_though_it_pings")),
    17: Row("another version of the protocol", tests=("test_a_first_frame_that_is_no_hello_ends_it",)),
    18: Row("pings and pongs without end", tests=("test_pings_without_end_are_not_answered_without_end",)),
    19: Row("op numbers that are none", doors=True),
    20: Row("an op number again", tests=("test_a_repeat_is_answered_as_the_first_time_and_a_jump_is_sent_back",
                                          "test_an_op_sent_again_is_answered_again_and_counts_once")),
    21: Row("an op number that jumps", tests=("test_a_repeat_is_answered_as_the_first_time_and_a_jump_is_sent_back",
                                               "test_an_op_sent_again_is_answered_again_and_counts_once")),
    22: Row("a position in the future", tests=("test_a_position_that_is_not_ours_is_given_the_whole_page",)),
    23: Row("a position of another history", tests=("test_a_position_that_is_not_ours_is_given_the_whole_page",)),
    24: Row("a position that cannot be one", doors=True),
    25: Row("a version of what does not exist", doors=True),
    26: Row("a version that is older than what stands", tests=(
        "test_G4_moving_what_another_moved_since_i_looked_is_refused_and_names_them",
        "test_a_sentence_names_the_person_and_the_day_as_its_reader_says_them")),
    27: Row("nine ops under way", tests=("test_of_many_ops_at_once_eight_are_taken_and_the_others_may_come_again",)),
    28: Row("a code as people write it, and as mails, slides and other keyboards do", doors=True, tests=(
        "test_every_code_is_understood_in_every_writing_and_with_every_gap",
        "test_a_whole_address_leads_where_it_says_on_this_server",
        "test_a_code_behind_the_address_however_it_is_written_leads_to_the_way_in",
        "test_guesses_count_the_same_by_every_way_and_right_codes_are_no_exception",
        "test_a_cut_link_is_called_one_and_a_sign_of_no_code_is_named_wherever_it_stands",
        "test_what_robots_try_takes_nobodys_turn",
        "test_a_secret_is_understood_through_line_breaks_and_signs_that_cannot_be_seen")),
    29: Row("a code that no forum has", doors=True),
    30: Row("a code that cannot be one", doors=True),
    31: Row("access that has ended, or is of another forum", tests=(
        "test_a_secret_that_opens_nothing_is_told_in_the_same_words_whatever_the_reason",
        "test_a_cookie_of_another_forum_or_surface_or_a_links_secret_is_4401")),
    32: Row("what a role may not ask for", tests=("test_every_command_by_every_role_at_every_door_is_judged_by_the_table",)),
    33: Row("access taken back while the page is open", tests=(
        "test_access_taken_back_ends_open_sockets_on_both_processes_within_a_second",)),
    34: Row("a secret in the address", doors=True),
    35: Row("another site's Origin", tests=("test_nothing_is_changed_from_another_site", "test_a_hostile_page_gets_nothing_done")),
    36: Row("another name of the server", tests=("test_a_foreign_host_gets_no_page", "test_every_route_is_for_this_server_only")),
    37: Row("X-Forwarded-For by anybody", tests=("test_who_an_asker_is_comes_from_a_trusted_proxy_only",)),
    38: Row("nothing to see", doors=True),
    39: Row("too long", doors=True),
    40: Row("heaps of marks", doors=True),
    41: Row("what people write with", doors=True),
    42: Row("signs that turn the order of letters", doors=True),
    43: Row("controls, non-characters, private signs, tags", doors=True),
    44: Row("half a character", doors=True),
    45: Row("names that look official, or like another's", doors=True),
    46: Row("markup and templates", doors=True, tests=("test_what_people_write_is_shown_as_they_wrote_it_on_every_page",)),
    47: Row("ends of scripts, line separators", doors=True),
    48: Row("addresses and Markdown", doors=True, tests=("test_markdown_of_planted_texts_holds_no_markup_and_no_link",)),
    49: Row("a word without end", tests=("test_what_people_write_is_shown_as_they_wrote_it_on_every_page",)),
    50: Row("line breaks without end", doors=True),
    51: Row("insults and addresses of people", tests=(
        "test_before_a_reveal_no_byte_carries_another_persons_text_or_any_tally",
        "test_B4_a_hidden_card_keeps_its_words_and_comes_back")),
    52: Row("bait for regular expressions", doors=True, tests=("test_no_text_makes_the_cleaning_slow",)),
    53: Row("line breaks that would end a header or a line of the log", doors=True),
    54: Row("points that are none, or too many", doors=True),
    55: Row("points for what is not on the ballot", doors=True),
    56: Row("points after the close", doors=True),
    57: Row("the same points from two phones", tests=("test_V4_the_same_allocation_sent_from_two_phones_counts_once",)),
    58: Row("positions", absent="nothing has a position: cards keep the order of the journal, steps and axes name a neighbour"),
    59: Row("hundreds of cards at once", doors=True),
    60: Row("another's gesture undone", doors=True),
    61: Row("a full room, a full board", tests=("test_a_full_room_and_a_full_board_say_so",)),
    62: Row("bodies of another kind", tests=("test_only_forms_and_json_are_read", "test_every_route_reads_its_own_kind_of_body_only")),
    63: Row("a POST without proof of where it comes from", tests=("test_nothing_is_changed_from_another_site",)),
    64: Row("lengths that lie, heads without end", tests=("test_a_request_that_lies_about_its_size_is_refused",)),
    65: Row("ways out of a folder", tests=("test_no_other_file_is_served", "test_no_path_leads_out_of_the_folder_of_files")),
    66: Row("methods that nobody declared", tests=("test_every_route_takes_only_its_own_methods",)),
    67: Row("a thousand ranges", tests=("test_a_thousand_ranges_are_no_work",)),
    68: Row("multipart without end", tests=("test_a_form_of_ten_thousand_fields_is_refused", "test_multipart_is_not_read_at_all")),
    69: Row("tables to import", absent="no table is imported in this version; what is read again is the JSON export (see 70)"),
    70: Row("archives to import", tests=("test_what_is_no_archive_is_refused_with_a_reason",
                                          "test_every_input_ever_kept_keeps_its_target_whole"),
            absent=NO_UPLOAD + "; agendas and JSON exports are read, and fuzzed"),
    71: Row("XML with entities", absent=NO_UPLOAD),
    72: Row("images", tests=("test_what_is_no_photograph_is_refused_with_a_sentence",
                             "test_X1_nothing_is_left_of_what_the_phone_wrote_and_the_picture_stands_upright")),
    73: Row("cells that a spreadsheet computes", tests=("test_csv_of_planted_texts_computes_nothing",)),
    74: Row("commands of a typesetter", absent=NO_DOCUMENTS),
    75: Row("an export of thousands of cards", tests=("test_an_export_of_five_thousand_cards_takes_no_time_worth_attacking",)),
    76: Row("a typesetter that reads files", absent=NO_DOCUMENTS),
    77: Row("a key of another type", tests=("test_a_key_of_another_type_freezes_the_forum",)),
    78: Row("a fact of a newer version", tests=("test_a_fact_of_a_newer_version_is_told_apart_from_ours",)),
    79: Row("an entry that cannot be read", tests=("test_a_damaged_journal_can_be_read_as_far_as_it_goes_and_takes_nothing",)),
    80: Row("settings that cannot be", tests=("test_settings_that_cannot_be_are_told_in_a_sentence",
                                              "test_a_setting_that_cannot_be_ends_the_command_with_78")),
    81: Row("a secret that anybody could guess", tests=(
        "test_a_secret_that_anybody_could_guess_is_not_brought_back",
        "test_a_secret_in_the_store_that_is_none_is_used_for_nothing",
        "test_nothing_is_derived_or_sealed_from_a_short_secret")),
    82: Row("a ledger of erasures with lines that cannot be read", tests=(
        "test_a_restore_names_the_lines_of_the_ledger_that_cannot_be_read_and_changes_nothing",
        "test_a_ledger_inside_a_backup_is_held_to_the_same", "test_a_line_after_half_a_line_is_a_line_of_its_own")),
    83: Row("days that no plan has", tests=(
        "test_P6_a_date_before_the_forum_or_beyond_every_plan_is_refused_and_says_which_can_be",)),
    84: Row("titles that mean something in the name of a file", tests=(
        "test_no_title_makes_a_name_that_means_more_than_a_name",
        "test_names_of_downloads_hold_no_sign_that_means_anything_in_a_header")),
    85: Row("an op number again, with another content", tests=(
        "test_O9_another_content_under_a_number_that_is_taken_is_told_apart_whatever_door_it_comes_by",
        "test_a_number_that_came_with_another_content_is_a_conflict_on_every_process_and_after_a_restart")),
    86: Row("64 loads of a page at once", tests=(
        "test_sixty_four_loads_of_one_person_leave_room_for_others",
        "test_two_hundred_people_of_one_hall_load_their_page_at_once_and_none_is_refused")),
    87: Row("20 exports at once", tests=(
        "test_twenty_exports_of_one_desk_are_made_one_after_another_and_are_the_same_bytes",)),
    88: Row("the whole page asked for without end", tests=(
        "test_who_asks_for_the_whole_page_without_end_is_given_it_now_and_then",
        "test_who_opens_sockets_without_end_is_told_to_slow_down")),
    89: Row("an address that costs and has no bound", tests=("test_every_address_says_what_it_costs",)),
    90: Row("a room filled by a stranger", tests=(
        "test_twenty_thousand_joins_from_one_address_in_twelve_minutes_are_let_in_one_after_another",
        "test_six_hundred_phones_of_one_address_come_in_within_the_same_minute",
        "test_who_comes_back_is_not_slowed_whatever_crowd_stands_at_the_door",
        "test_J2_a_full_room_keeps_out_nobody_who_leads_shows_or_exports", "test_J2_the_removed_take_no_room",
        "test_a_link_and_a_ticket_are_never_held_up_by_a_crowd",
        "test_those_of_one_place_are_removed_in_one_gesture_and_let_in_again",
        "test_every_process_tells_the_desk_of_a_crowd_that_one_of_them_slowed")),
    91: Row("links that were made with a link that is taken back", tests=(
        "test_L2_taking_a_link_back_with_those_made_with_it_ends_them_all_the_way_down",
        "test_taking_back_a_co_facilitator_takes_back_the_unused_links_they_made_or_leaves_them",
        "test_a_link_that_the_store_lost_opens_nothing_once_the_one_it_was_made_with_was_taken_back_with_all",
        "test_L2_who_comes_by_another_link_is_who_they_were_and_what_they_showed_before_opens_nothing_again",
        "test_L2_another_link_changes_nothing_for_who_has_access_was_removed_or_came_for_something_else")),
    92: Row("a result of few ballots", tests=(
        "test_V10_a_desk_without_scripts_is_told_and_its_form_carries_that_it_knows",
        "test_V11_what_was_promised_to_voters_no_desk_can_break")),
    93: Row("a device passed on, with whatever its last person left in it", tests=(
        "test_who_leaves_is_a_stranger_on_that_device_and_what_they_gave_stays",
        "test_who_leaves_is_shown_what_is_not_saved_and_the_next_person_finds_nothing",
        "test_without_scripts_leaving_ends_the_access_and_the_next_person_is_new",
        "test_who_comes_in_over_somebody_sees_nothing_of_theirs_and_they_find_it_again")),
    94: Row("a cookie of a device that was left", tests=(
        "test_every_open_page_of_the_device_is_closed_and_no_other", "test_an_access_that_ended_elsewhere_ends_at_the_next_look",
        "test_a_ticket_brings_its_person_back_and_no_cookie_of_before_does")),
    95: Row("forums opened by strangers, a passphrase guessed, an opening link forged", tests=(
        "test_opening_can_be_left_to_the_command_line", "test_a_passphrase_opens_forums_and_nothing_else_does",
        "test_tries_at_the_passphrase_are_bounded_and_the_right_one_is_then_not_told",
        "test_only_what_the_server_signed_opens_and_only_until_its_day",
        "test_who_opens_a_forum_here_keeps_it_no_longer_than_this_server_allows")),
    96: Row("words of somebody else, chosen to be erased to see whose a card is", tests=(
        "test_K4_no_role_can_tell_by_all_it_sees_and_asks_who_wrote_which_card",
        "test_K4_whoever_leads_is_refused_anothers_words_alike_whosever_the_card_is")),
    97: Row("another's sentence written down, to have it erased with one's own", tests=(
        "test_K4_whoever_writes_down_anothers_words_and_erases_their_own_takes_nothing_of_the_other",
        "test_K4_a_title_put_back_word_for_word_stays_its_first_authors")),
    98: Row("long texts rewritten for hours", tests=(
        "test_who_rewrites_long_texts_for_hours_fills_their_own_space_then_the_forum_and_never_another",
        "test_S1_beyond_the_reserve_nothing_of_a_person_is_recorded_not_even_refusals")),
    99: Row("claims that the store had lost something: forged, moved, reworded, another's, to post or vote late, to lead", tests=(
        "test_a_claim_without_a_proof_or_with_a_forged_one_posts_nothing_late",
        "test_a_true_proof_carries_no_other_words_no_other_command_and_no_other_person",
        "test_a_true_proof_of_what_is_still_there_adds_nothing_however_often",
        "test_nobody_leads_by_saying_that_it_had_been_done",
        "test_O11_a_vote_counts_after_the_close_but_not_after_its_result_was_shown",
        "test_O13_nobody_sends_what_belongs_to_somebody_who_is_still_here")),
    100: Row("a true proof shown where it was not seen yet, to have a loss told that never was; or to fill a full forum", tests=(
        "test_a_process_that_is_behind_takes_a_page_ahead_of_it_for_no_loss",
        "test_a_proof_that_is_ahead_of_what_is_shown_yet_is_no_news_of_a_loss",
        "test_S1_claims_that_nothing_was_lost_behind_take_no_room_beyond_the_reserve")),
    101: Row("a turn at one forum's door taken to another's; IPv4 that comes as IPv6, everybody in one household", tests=(
        "test_a_turn_is_for_the_forum_where_one_waited_and_opens_no_other",
        "test_ipv4_through_a_socket_of_both_kinds_is_no_household")),
    102: Row("a link told of before its making came true, so that it is nobody's", tests=(
        "test_L2_a_link_that_was_told_of_before_its_making_came_true_is_its_makers_all_the_same",)),
    103: Row("a list of people of one's own choice, to learn whether one of them has taken part", tests=(
        "test_J6_whoever_leads_cannot_choose_whom_the_gesture_means", "test_no_command_of_the_server_can_be_asked_for")),
    104: Row("an address that says something was done, opened by somebody for whom it was not", tests=(
        "test_what_the_page_says_was_done_is_so",
        "test_what_the_page_says_was_erased_or_saved_is_so_whoever_opens_its_address")),
    105: Row("one lost person come in again as two, to vote for each", tests=(
        "test_O13_whoever_was_lost_comes_back_as_one_person_only", "test_O13_a_claim_of_somebody_elses_takes_nothing_from_them")),
    106: Row("a line for pages filled from two addresses, or by one that asks for many codes", tests=(
        "test_two_addresses_that_fill_the_line_keep_out_nobody_else",
        "test_an_address_is_one_in_the_line_whatever_codes_it_asks_for")),
    107: Row("forwarded addresses with ports, in brackets, in several lines", tests=(
        "test_a_proxy_that_writes_ports_makes_no_new_address_of_each_connection",
        "test_of_several_lines_of_forwarded_addresses_the_proxys_own_is_the_last")),
    108: Row("passphrases guessed until nobody may open a forum", tests=(
        "test_whoever_guesses_holds_up_nobody_with_a_signed_link",)),
    109: Row("words of two in one entry, erased at different times, and backups from before, between and after", tests=(
        "test_K2_what_is_left_of_an_entry_after_one_erased_goes_when_the_other_does",
        "test_words_of_a_third_go_too_and_what_is_left_of_redactions_is_proved",
        "test_words_of_two_in_one_entry_are_erased_again_whenever_the_backup_was_taken")),
    110: Row("a name asked to be erased, to see by the refusal whose words just went", tests=(
        "test_K4_no_refusal_tells_whose_words_were_erased_while_the_name_was_kept",
        "test_K4_others_are_told_of_names_only_when_they_ask_again")),
    111: Row("a crash between the ledger of erasures and the store", tests=(
        "test_a_crash_between_the_ledgers_line_and_the_strike_loses_neither",)),
    112: Row("presses without end by a browser that keeps no cookie, to fill a room with voices that nobody is", tests=(
        "test_a_browser_that_keeps_no_cookies_is_told_so_and_makes_nobody_however_often_one_presses",
        "test_a_browser_that_keeps_no_cookies_is_told_so_and_is_nobody_however_often_one_presses",
        "test_a_link_opened_in_a_browser_that_keeps_no_cookies_makes_nobody_either")),
    113: Row("messages that cannot be read before those that can, to hold these up or to have them sent on and on", tests=(
        "test_W1_an_op_that_cannot_be_read_is_answered_under_its_number", "test_W1_so_is_one_that_came_by_http",
        "test_W1_what_cannot_be_read_is_given_back_and_what_is_behind_it_is_taken_once",
        "test_what_is_behind_an_op_without_an_answer_is_not_sent_on_and_on")),
    114: Row("runs of cards before any order, after it, elsewhere, by whoever is not in or still waits, before the reveal", tests=(
        "test_what_is_asked_for_in_another_way_is_refused", "test_whoever_is_not_in_is_given_none",
        "test_J2_who_waits_to_be_let_in_is_given_no_card_and_not_told_how_long_the_list_is",
        "test_before_the_reveal_nobody_is_given_others_cards")),
    115: Row("fields that a sheet does not have, hundreds of them, too long, of another kind, or claimed to have stood", tests=(
        "test_what_an_edit_says_of_before_is_cleaned_and_bounded_like_the_edit",
        "test_H1_what_a_field_cannot_hold_is_refused_by_its_name",
        "test_H1_what_is_refused_is_said_with_its_field_and_what_was_typed_is_given_back")),
    116: Row("a code of the desk guessed, used twice, after its time, by two at once, of somebody who leads no more", tests=(
        "test_guessing_codes_of_the_desk_is_slowed_before_it_is_looked_at_and_a_right_one_is_not_told_then",
        "test_a_code_opens_once_and_the_same_press_again_is_the_same_person",
        "test_a_code_is_over_after_its_time_and_when_a_new_one_is_made",
        "test_of_two_who_enter_a_code_at_the_same_moment_one_comes_in",
        "test_a_code_of_somebody_who_leads_no_more_opens_nothing")),
    117: Row("a voice handed on, to read what it had given, or to vote with it twice", tests=(
        "test_the_desk_makes_a_code_without_script_and_the_new_phone_has_the_voice_and_nothing_of_before",
        "test_V14_the_old_ballot_counts_until_the_new_phone_gives_its_first_mark",
        "test_J9_the_phone_before_is_out_at_once_and_cannot_be_let_in_beside_the_new_one",
        "test_V14_a_vote_reopened_before_its_reveal_goes_on_with_one_ballot_of_each_voice")),
    118: Row("names tried where one comes in, to learn who is in", tests=(
        "test_nobody_is_told_who_is_in_where_they_could_not_come_in_and_ask",)),
    119: Row("what a page is said to have shown: of the future, of another life, without end, negative, missing, replayed, of another step", tests=(
        "test_O14_what_no_page_can_have_shown_is_named_by_its_fault_and_nothing_is_done",
        "test_O14_nobody_leads_by_what_they_say_their_page_showed_and_no_desk_is_told_of_it",
        "test_O14_what_comes_after_the_close_is_refused_whatever_its_page_is_said_to_have_shown",
        "test_O14_a_press_of_the_step_before_leads_nowhere_and_one_that_is_replayed_is_answered_as_the_first_time",
        "test_O14_a_desk_that_claims_to_have_seen_what_is_not_there_is_only_listed_and_leads_by_a_press_on_that")),
    120: Row("an old form posted without script, again, with another number, or by whoever does not lead", tests=(
        "test_O14_an_old_form_posted_again_without_script_does_nothing_and_its_seen_is_a_number_or_none",
        "test_O14_a_form_that_leads_is_forbidden_to_who_does_not_lead_whatever_it_says_was_seen")),
}  # fmt: skip
