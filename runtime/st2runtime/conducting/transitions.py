"""Which status follows which: the tables of Orquesta, as text.

Specified by `orquesta/machines.py`. A `-`, and whatever a table does not mention, means that nothing
changes; a single status in a row stands for all its columns.
"""

from __future__ import annotations

ACTIVE = frozenset(
    ("requested", "scheduled", "delayed", "running", "resuming", "pausing", "canceling")
)
"""An execution or task in one of these has something under way."""

RUNNING = frozenset(("requested", "scheduled", "delayed", "running", "resuming", "retrying"))
"""An execution in one of these starts tasks."""

ABENDED = frozenset(("failed", "timeout", "abandoned"))
"""Ended, and not well."""

COMPLETED = ABENDED | {"succeeded", "canceled"}
"""Ended."""

RESTING = frozenset(("paused", "pending"))
"""Waits for somebody."""

UNSET = "null"
"""Nothing has happened yet."""

STATUSES = ACTIVE | RUNNING | COMPLETED | RESTING | {UNSET}
"""All that there are."""

Table = dict[tuple[str, str], tuple[str | None, ...]]


def read(text: str) -> Table:
    """A table from text.

    The lines are `statuses what-happens status…`, one status for each column of the heading, whose
    columns are named after two words. Several statuses or happenings share a line with commas.
    """
    lines = [line.split() for line in text.strip().splitlines() if line.strip()]
    columns = len(lines[0]) - 2
    table: Table = {}
    for statuses, happenings, *follow in lines[1:]:
        row = tuple(None if word == "-" else word for word in follow)
        row = row * columns if len(row) == 1 else row
        if len(row) != columns:
            raise ValueError(f"`{statuses} {happenings}` needs {columns} statuses")
        for status in statuses.split(","):
            for happening in happenings.split(","):
                table[status, happening] = row
    return table


INCOMPLETE, COMPLETE, PAUSED, CANCELED = range(4)
"""What there is beside a task run: more to run, nothing more, tasks that rest, canceled ones."""

WORKFLOW_BUSY = read("""
status     task                     incomplete  completed   paused      canceled
running    succeeded,remediated     running     running     pausing     canceling
running    pending                  pausing
running    pausing,paused           running
running    failed                   failed
running    canceling,canceled       canceling
pausing    succeeded                pausing
pausing    remediated               pausing     pausing     pausing     canceling
pausing    pending,paused,retrying  pausing
pausing    failed                   failed
pausing    canceling,canceled       canceling
paused     running,resuming         running
resuming   running                  running
resuming   succeeded,remediated     running     running     -           -
resuming   pending                  pausing
resuming   failed                   failed
resuming   canceling,canceled       canceling
canceling  succeeded,remediated     canceling   canceling   -           -
canceling  pending,paused           canceling
canceling  failed,canceled,retrying canceling
""")
"""What the execution becomes when a task run becomes something while tasks are active.

`remediated`: it has failed, and one of its transitions takes care of that.
"""

WORKFLOW_IDLE = read("""
status     task                     incomplete  completed   paused      canceled
running    succeeded,remediated     running     succeeded   paused      canceled
running    pending,paused           paused
running    pausing                  running
running    failed                   failed
running    canceling                canceling
running    canceled                 canceled
pausing    succeeded,remediated     paused      paused      paused      canceled
pausing    pending,paused,retrying  paused
pausing    failed                   failed
pausing    canceling                canceling
pausing    canceled                 canceled
paused     running,resuming         running
resuming   running                  running
resuming   succeeded,remediated     running     succeeded   paused      canceled
resuming   pending                  paused
resuming   failed                   failed
resuming   canceling                canceling
resuming   canceled                 canceled
canceling  succeeded,remediated     canceled
canceling  pending,paused           canceled
canceling  failed,canceled,retrying canceled
""")
"""The same while no task is active."""

WORKFLOW_ASKED = read("""
status                                   wanted  active     idle
null,requested,scheduled,delayed         run     running    running
pausing,paused,resuming                  run     running    running
null,requested,scheduled,delayed         fail    failed     failed
running,pausing,paused,resuming          fail    failed     failed
canceling,succeeded                      fail    failed     failed
requested,scheduled,delayed              pause   -          paused
running,pausing,resuming                 pause   pausing    paused
pausing,paused                           resume  resuming   resuming
requested,scheduled,delayed,paused       cancel  -          canceled
running,pausing,resuming,canceling       cancel  canceling  canceled
""")
"""What the execution becomes when somebody wants something, by whether tasks are active."""

TASK = read("""
status     action                    becomes
null       running                   running
null       pending                   pending
running    running                   running
running    pending                   pending
running    paused                    paused
running    failed,timeout,abandoned  failed
running    succeeded                 succeeded
running    canceled                  canceled
pending    failed,timeout,abandoned  failed
pending    succeeded                 succeeded
pending    canceled                  canceled
pausing    running                   pausing
pausing    paused                    paused
pausing    failed,timeout,abandoned  failed
pausing    canceled                  canceled
paused     running                   running
paused     canceled                  canceled
resuming   running                   running
resuming   canceled                  canceled
retrying   running                   running
retrying   canceled                  canceled
canceling  paused,canceled           canceled
canceling  failed,timeout,abandoned  failed
succeeded  retry                     retrying
failed     retry                     retrying
""")
"""What a task run becomes when its action becomes something; `retry` is asked for by the conductor."""

ITEMS = read("""
status     item                      active     incomplete completed  paused     canceled   failed
running    pending,paused            pausing    paused     paused     paused     canceled   failed
running    failed,timeout,abandoned  -          failed     failed     failed     canceled   failed
running    succeeded                 running    running    succeeded  paused     canceled   failed
running    canceled                  canceling  canceled   canceled   canceled   canceled   canceled
pausing    pending,paused            -          paused     paused     paused     canceled   failed
pausing    failed,timeout,abandoned  -          failed     failed     failed     canceled   failed
pausing    succeeded                 -          paused     succeeded  paused     canceled   failed
pausing    canceled                  -          canceled   canceled   canceled   canceled   canceled
canceling  pending,paused            -          canceled   canceled   canceled   canceled   canceled
canceling  failed,timeout,abandoned  -          canceled   canceled   canceled   canceled   canceled
canceling  succeeded                 -          canceled   succeeded  canceled   canceled   canceled
canceling  canceled                  -          canceled   canceled   canceled   canceled   canceled
""")
"""What a task run becomes when an item becomes something, by the other items.

Either some are active; or none is, and some rest, else some are canceled, else some have failed, else
some have not run (`incomplete`), else all have succeeded (`completed`).
"""

STOP = read("""
status   wanted  active     idle
running  pause   pausing    paused
running  cancel  canceling  canceled
""")
"""What a task run with items left becomes when a pause or cancel is wanted, by whether items are active."""


def after(table: Table, status: str, happening: str, column: int) -> str | None:
    """The status that follows, None when nothing changes."""
    row = table.get((status, happening))
    return None if row is None else row[column]
