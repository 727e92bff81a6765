"""What the app's log of the filling in tells, entered into the spot check before its files are complete."""

from dataclasses import replace

from service import store
from service.domain.inspect import audit_logs as rules
from service.domain.inspect import xforms
from service.domain.inspect.audit_logs import AuditLog
from service.domain.inspect.spot_checks import SpotCheck
from service.store import records


def enter(origin: str, content: bytes) -> None:
    """Times by question, changes, and the position with its age, of the records sent under this id; once for ever.

    A log that cannot be read tells nothing: no record is refused for it.
    """
    log = rules.read(content)

    def write(tx: store.Tx) -> None:
        for spot in records.find(SpotCheck, tx, origin=origin):
            told = _told(spot, log)
            if told != spot and not spot.timings:
                records.replace(replace(told, version=spot.version + 1), spot.version, tx)

    store.retrying(write)


def _told(spot: SpotCheck, log: AuditLog) -> SpotCheck:
    return replace(
        spot,
        timings={name: seconds for name, seconds in log.timings.items() if not name.startswith("_")},
        changes=log.changes,
        position=_position(spot, log),
    )


def _position(spot: SpotCheck, log: AuditLog) -> dict[str, object]:
    """The position that the auditor took, with the age that the log tells; else the last one of the log."""
    if not spot.position:
        return dict(log.position)
    age = rules.age(log, xforms.PLACE)
    mock = bool(spot.position.get("mock")) or log.mock
    return {**spot.position, "age_s": spot.position.get("age_s") if age is None else age, "mock": mock}
