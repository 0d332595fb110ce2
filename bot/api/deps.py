"""What routes need beside the caller: the bot, and parameters that many share."""

from typing import Annotated, Any, cast

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.bootstrap import Bot

INT64 = 2**63 - 1


def the_bot(request: Request) -> Bot:
    return cast(Bot, request.app.state.bot)


TheBot = Annotated[Bot, Depends(the_bot)]

Words = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
"""Text for a question to the database; PostgreSQL knows no character zero."""

AccountId = Annotated[int, Path(ge=1, le=INT64, description="Avito's number of the account")]
ListingId = Annotated[int, Path(ge=1, le=INT64, description="Avito's number of the listing")]
ChatId = Annotated[
    str, Path(max_length=200, pattern=r"^[^\x00]+$", description="Avito's id of the chat")
]
LeadId = Annotated[str, Path(max_length=200, pattern=r"^[^\x00]+$")]
NoticeId = Annotated[int, Path(ge=1, le=INT64)]
AskedId = Annotated[int | None, Query(ge=1, le=INT64)]
AskedWords = Annotated[
    Words | None, Query(description="Every word must occur; case does not matter")
]


class Body(BaseModel):
    """A request body: exactly these fields, in exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Paging:
    """Which page of a list: `page` from 1, `limit` rows each."""

    def __init__(
        self,
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
        limit: Annotated[int, Query(ge=1, le=100)] = 25,
    ) -> None:
        self.page, self.limit = page, limit

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit

    def of(self, total: int) -> dict[str, Any]:
        """The `pagination` of an answer."""
        pages = -(-total // self.limit)
        return {"page": self.page, "limit": self.limit, "total": total, "totalPages": pages}


Pages = Annotated[Paging, Depends()]
