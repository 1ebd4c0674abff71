"""The calendar file, by the rules of RFC 5545: lines, folding, escapes, days."""

from forum.exports.calendar import Entry, write
from forum.language import zones

AT = 1_737_032_400_000  # 16 January 2025, 13:00 UTC


def lines_of(*entries: Entry) -> list[str]:
    return write(entries, AT).decode().split("\r\n")


def unfolded(*entries: Entry) -> list[str]:
    return write(entries, AT).decode().replace("\r\n ", "").split("\r\n")


def test_a_whole_day_ends_where_the_next_one_begins_also_at_the_end_of_a_month():
    said = lines_of(Entry("c1@ABC234", "2025-01-31", "Call"))

    assert said[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Forum//Forum//FR"]
    assert said[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20250131" in said
    assert "DTEND;VALUE=DATE:20250201" in said
    assert "DTSTAMP:20250116T130000Z" in said


def test_what_begins_at_an_hour_stands_in_UTC_and_has_no_end_that_nobody_said():
    begins = zones.instant("2025-07-03", "18:30", "Europe/Paris")
    said = lines_of(Entry("second@ABC234", "2025-07-03", "Next meeting", begins=begins))

    assert "DTSTART:20250703T163000Z" in said
    assert not any(line.startswith("DTEND") for line in said)
    assert zones.instant("2025-12-03", "18:30", "Europe/Paris").hour == 17
    assert zones.instant("2025-12-03", "18:30", "Indian/Reunion").hour == 14


def test_lines_fold_at_75_octets_tear_no_character_and_unfold_to_what_was_written():
    title = "Réserver une salle pour l’été 🎪 " * 12
    entry = Entry("c1@ABC234", "2025-01-31", title.strip())
    raw = write([entry], AT).split(b"\r\n")

    assert max(map(len, raw)) <= 75
    assert all(line.decode() is not None for line in raw)
    assert f"SUMMARY:{title.strip()}" in unfolded(entry)


def test_what_people_write_stays_text_and_can_end_no_line_nor_begin_a_property():
    entry = Entry("c1@ABC234", "2025-01-31", "A; b, c\\d\r\nATTENDEE:x\x07", "La halle, Lyon")

    assert "SUMMARY:A\\; b\\, c\\\\d\\nATTENDEE:x" in unfolded(entry)
    assert "LOCATION:La halle\\, Lyon" in unfolded(entry)
    assert not any(line.startswith("ATTENDEE") for line in unfolded(entry))
