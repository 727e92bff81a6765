"""Withdrawals are counted by campaign and site: a sign of pressure at a site, and no link to any answer."""

from pymongo.errors import DuplicateKeyError

from service.store.documents import WithdrawalCountDocument
from service.store.records import collection
from service.store.transactions import Lost, Tx


def count(tx: Tx, campaign: str, site: str) -> None:
    """One more, in the transaction of the withdrawal itself. Raises Lost."""
    counts, id = collection(WithdrawalCountDocument), f"{campaign}:{site}"
    there = counts.find_one({"_id": id}, session=tx.session)
    if there is None:
        try:
            counts.insert_one({"_id": id, "campaign": campaign, "site": site, "n": 1}, session=tx.session)
        except DuplicateKeyError as error:
            raise Lost from error
    elif counts.update_one({"_id": id, "n": there["n"]}, {"$inc": {"n": 1}}, session=tx.session).matched_count == 0:
        raise Lost


def by_site(campaign: str) -> dict[str, int]:
    return {stored["site"]: stored["n"] for stored in collection(WithdrawalCountDocument).find({"campaign": campaign})}
