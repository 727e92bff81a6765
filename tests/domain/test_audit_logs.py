"""The app's log of the filling in: times, changes, positions, mock ones; and that nothing unreadable does harm."""

import pytest

from service.domain.inspect import audit_logs

HEADER = "event,node,start,end,latitude,longitude,accuracy,old-value,new-value,user,change-reason\n"
T = 1_770_000_000_000


def log(*lines: str, header: str = HEADER) -> audit_logs.AuditLog:
    return audit_logs.read((header + "\n".join(lines) + "\n").encode())


def test_seconds_are_added_up_over_all_visits_of_a_question() -> None:
    read = log(
        f"form start,,{T},,,,,,,li,",
        f"question,/data/found,{T},{T + 4000},,,,,,li,",
        f"question,/data/g/place[1],{T + 4000},{T + 6500},,,,,,li,",
        f"question,/data/found,{T + 7000},{T + 8500},,,,,,li,",
        f"form finalize,,{T + 9000},,,,,,,li,",
    )
    assert read.timings == {"found": 5.5, "place": 2.5}
    assert audit_logs.age(read, "place") == 2.5
    assert audit_logs.age(read, "nothing") is None


def test_changes_are_kept_with_values_reason_and_time() -> None:
    read = log(
        f'question,/data/found,{T},{T + 1},,,,"no","yes",li,',
        f"question,/data/note,{T},{T + 2},,,,,first,li,",
        f'change reason,,{T + 3},,,,,,,li,"typed wrongly"',
        f'question,/data/note,{T},{T + 4},,,,first,second,li,"typed wrongly"',
    )
    assert [(one["question"], one["before"], one["after"], one["reason"]) for one in read.changes] == [
        ("found", "no", "yes", ""),
        ("note", "first", "second", "typed wrongly"),
    ]


def test_the_last_position_is_taken_with_its_age_and_any_mock_one_is_told() -> None:
    read = log(
        f"question,/data/a,{T},{T + 1000},23.1,113.2,0.0,,,li,",
        f"question,/data/b,{T + 1000},{T + 2000},23.2,113.3,8.5,,,li,",
        f"form finalize,,{T + 62000},,,,,,,li,",
    )
    assert read.position == {"latitude": 23.2, "longitude": 113.3, "accuracy_m": 8.5, "age_s": 60.0, "mock": True}
    assert (read.mock, read.positions) == (True, 2)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b"event,node,start,end\nquestion", b'event,node\n"', b"\x00" * 2000,
     HEADER.encode() + b"question,/data/a,x,y,z,1,2,,,,\n", HEADER.encode() + b"question,/data/a,5,1,99,999,-1,,,,\n"],
)  # fmt: skip
def test_what_is_no_log_tells_nothing(content: bytes) -> None:
    read = audit_logs.read(content)
    assert (read.timings, read.changes, read.position, read.mock) == ({}, (), {}, False)


def test_a_log_without_end_is_read_to_a_bound() -> None:
    read = log(*[f"question,/data/a,{T},{T + 1},1,1,1,a,b,,r"] * (audit_logs.MOST_ROWS + 10))
    assert read.positions == audit_logs.MOST_ROWS
    assert len(read.changes) == audit_logs.MOST_CHANGES
