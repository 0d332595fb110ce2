"""The access token of each account, renewed before it ends or when Avito rejects it, once for all who wait.

Avito's refresh token works once: whoever uses it must keep what comes back, and nobody else may use it meanwhile. So
in this process a lock holds for each account, and between processes a lease in the account's row. The new pair is on
disk before anybody uses it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.avito.oauth import AvitoAuth
from bot.errors import (
    AvitoBusy,
    AvitoUnreachable,
    BadRequest,
    BotError,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    TokenRejected,
)
from bot.model import Clock, Tokens
from bot.store import token_pairs
from bot.store.engine import Store, StoreUnavailable
from bot.store.seal import Sealer, Unsealable
from bot.store.token_pairs import Pair

log = structlog.get_logger()

SOON = timedelta(minutes=2)
"""A token that ends so soon is renewed before it is used."""

AHEAD = timedelta(hours=2)
"""A token that ends so soon is renewed by the clock, before anybody waits for it."""

OFTEN, WHILE = 10, timedelta(minutes=5)
"""So many renewals in so short a time do not help any more: what Avito rejects is not the token."""

PEEK = 0.1
"""Seconds between looks at a renewal that another process does."""


@dataclass
class _Known:
    """What this process remembers of one account."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    renewals: deque[datetime] = field(default_factory=lambda: deque(maxlen=OFTEN))


class AccountTokens:
    """The tokens of one account, as the adapter wants them."""

    def __init__(self, kept: "KeptTokens", account_id: int) -> None:
        self._kept = kept
        self._id = account_id

    async def get(self) -> str:
        """A token that should work. TokenRejected if the owner must connect again."""
        return await self._kept.get(self._id)

    async def renew(self, rejected: str) -> str:
        """Another token than `rejected`, if there is one. Raises as `get`, AvitoBusy, AvitoUnreachable."""
        return await self._kept.renew(self._id, rejected)


class KeptTokens:
    """Every account's tokens: in memory while they are used, sealed on disk always."""

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        auth: AvitoAuth,
        now: Clock,
        ring_events: Callable[[], None],
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._auth = auth
        self._now = now
        self._ring = ring_events
        self._known: dict[int, _Known] = {}
        self._under_way: set[asyncio.Task[str]] = set()

    def of(self, account_id: int) -> AccountTokens:
        return AccountTokens(self, account_id)

    def forget(self, account_id: int) -> None:
        """The account was connected anew or removed: what is on disk counts."""
        known = self._of(account_id)
        known.token = known.expires_at = None

    def sealed(self, account_id: int, tokens: Tokens) -> dict[str, Any]:
        """The columns of an account's row that keep this pair."""
        return {
            "access_token": self._seal(account_id, "access_token", tokens.access),
            "refresh_token": tokens.refresh
            and self._seal(account_id, "refresh_token", tokens.refresh),
        }

    async def get(self, account_id: int) -> str:
        known = self._of(account_id)
        if known.token and self._lasts(known.expires_at, SOON):
            return known.token
        async with known.lock:
            return await self._lasting(account_id, known, SOON)

    async def renew(self, account_id: int, rejected: str) -> str:
        known = self._of(account_id)
        async with known.lock:
            pair, token = await self._read(account_id)
            if token != rejected or self._too_often(known):
                return self._remember(known, token, pair.expires_at)
            return await self._renew(account_id, known, pair)

    async def renew_ahead(self, account_id: int) -> None:
        """Renews a token that ends within `AHEAD`."""
        known = self._of(account_id)
        async with known.lock:
            await self._lasting(account_id, known, AHEAD)

    async def settled(self) -> None:
        """Waits for renewals that are under way: half a rotation would lose an account."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def reseal(self) -> int:
        """Seals under the newest key what was sealed under an older one; how many accounts that were."""
        pairs = await self._store.read(token_pairs.sealed_pairs)
        old = [(account_id, pair) for account_id, pair in pairs if not self._is_newest(pair)]
        return sum([await self._reseal(account_id, pair) for account_id, pair in old])

    def _is_newest(self, pair: Pair) -> bool:
        return all(self._sealer.is_newest(text) for text in (pair.access, pair.refresh) if text)

    async def _reseal(self, account_id: int, pair: Pair) -> bool:
        fresh = self._sealed_anew(account_id, pair)
        return await self._store.write(lambda tx: token_pairs.resealed(tx, account_id, pair, fresh))

    # --- inside the lock ----------------------------------------------------------------------------------------------

    async def _lasting(self, account_id: int, known: _Known, margin: timedelta) -> str:
        """A token that lasts for so long; the old one too, as long as it lives, if Avito cannot be asked."""
        pair, token = await self._read(account_id)
        if self._lasts(pair.expires_at, margin):
            return self._remember(known, token, pair.expires_at)
        try:
            return await self._renew(account_id, known, pair)
        except (AvitoBusy, AvitoUnreachable, OutcomeUnknown) as error:
            if not self._lasts(pair.expires_at, timedelta(0)):
                raise
            log.warning("token not renewed yet", account_id=account_id, error=error.kind)
            return self._remember(known, token, pair.expires_at)

    async def _renew(self, account_id: int, known: _Known, pair: Pair) -> str:
        """Uses the refresh token up, unless another process does. Goes on when nobody waits any more."""
        task = asyncio.create_task(self._renewal(account_id, known, pair))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def _renewal(self, account_id: int, known: _Known, pair: Pair) -> str:
        if not await self._is_ours(account_id, pair):
            return await self._current(account_id, known)
        try:
            new = await self._ask(account_id, pair)
        except TokenRejected as error:
            return await self._lost(account_id, known, pair, error)
        except BotError:
            await self._store.write(lambda tx: token_pairs.let_go(tx, account_id, pair))
            raise
        if not await self._keep(account_id, pair, new):
            return await self._current(account_id, known)
        known.renewals.append(self._now())
        self._ring()
        return self._remember(known, new.access, new.expires_at)

    async def _is_ours(self, account_id: int, pair: Pair) -> bool:
        """Whether nobody else uses this refresh token, once that is certain; if its user dies, the lease runs out."""
        until = self._now() + token_pairs.LEASE + timedelta(seconds=1)
        while not await self._store.write(
            lambda tx: token_pairs.claim(tx, account_id, pair, self._now())
        ):
            current, _ = await self._read(account_id)
            if current.access != pair.access:
                return False
            if self._now() > until:
                raise AvitoUnreachable("another process renews the token, and does not end")
            await asyncio.sleep(PEEK)
        return True

    async def _ask(self, account_id: int, pair: Pair) -> Tokens:
        """One request; when nobody knows what became of it, one more: Avito may not have seen the first."""
        refresh = self._open(account_id, "refresh_token", pair.refresh)
        try:
            try:
                return await self._auth.refresh(refresh)
            except OutcomeUnknown:
                return await self._auth.refresh(refresh)
        except (Forbidden, BadRequest, NotFound) as error:  # says nothing about the account
            raise AvitoBusy(
                f"Avito renews no token: {error}", status=error.status, retry_after=60.0
            ) from error

    async def _keep(self, account_id: int, pair: Pair, new: Tokens) -> bool:
        """Puts the new pair on the disk, however long that takes: the old one is spent.

        False if another pair took its place meanwhile.
        """
        fresh, wait = self.sealed(account_id, new), 0.1
        while True:
            try:
                return await self._store.write(
                    lambda tx: token_pairs.renewed(
                        tx, account_id, pair, fresh, new.expires_at, self._now()
                    )
                )
            except StoreUnavailable:
                log.error("a new token waits for the database", account_id=account_id)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)

    async def _lost(self, account_id: int, known: _Known, pair: Pair, error: TokenRejected) -> str:
        lost = await self._store.write(
            lambda tx: token_pairs.rejected(tx, account_id, pair, str(error), self._now())
        )
        if not lost:
            return await self._current(account_id, known)
        known.token = known.expires_at = None
        self._ring()
        raise error

    async def _current(self, account_id: int, known: _Known) -> str:
        pair, token = await self._read(account_id)
        return self._remember(known, token, pair.expires_at)

    async def _read(self, account_id: int) -> tuple[Pair, str]:
        """What is on disk. Raises TokenRejected if nothing usable is."""
        pair = await self._store.read(lambda tx: token_pairs.read(tx, account_id))
        if pair is None or pair.state in ("removed", "needs_reconnect"):
            raise TokenRejected("the account must be connected again", status=401)
        return pair, self._open(account_id, "access_token", pair.access)

    # --- small things -------------------------------------------------------------------------------------------------

    def _of(self, account_id: int) -> _Known:
        return self._known.setdefault(account_id, _Known())

    def _remember(self, known: _Known, token: str, expires_at: datetime | None) -> str:
        known.token, known.expires_at = token, expires_at
        return token

    def _lasts(self, expires_at: datetime | None, margin: timedelta) -> bool:
        return expires_at is not None and expires_at > self._now() + margin

    def _too_often(self, known: _Known) -> bool:
        return len(known.renewals) == OFTEN and known.renewals[0] > self._now() - WHILE

    def _sealed_anew(self, account_id: int, pair: Pair) -> dict[str, Any]:
        texts = {"access_token": pair.access, "refresh_token": pair.refresh}
        return {
            name: self._seal(account_id, name, self._open(account_id, name, text))
            for name, text in texts.items()
            if text
        }

    def _seal(self, account_id: int, name: str, secret: str) -> str:
        return self._sealer.seal(secret, "account", account_id, name)

    def _open(self, account_id: int, name: str, sealed: str | None) -> str:
        if sealed is None:
            raise TokenRejected("the account must be connected again", status=401)
        try:
            return self._sealer.open(sealed, "account", account_id, name)
        except Unsealable as error:
            said = "the key that sealed the account's tokens is not among TOKEN_ENCRYPTION_KEYS"
            raise TokenRejected(said, status=401) from error
