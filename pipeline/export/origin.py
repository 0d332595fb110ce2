"""Where the rows of an exported file come from, in words that stand inside it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.columns import label
from pipeline.metrics import Language, Metric, Window

_LABELS = {
    "title": ("Показатель", "Metric"),
    "question": ("Вопрос", "Question"),
    "unit": ("Единица", "Unit"),
    "denominator": ("Знаменатель", "Denominator"),
    "row": ("Строка — это", "A row is"),
    "dialogs_of": ("Строки — диалоги за числом", "Rows are the dialogs behind"),
    "notes": ("Как посчитано", "How this is counted"),
    "name": ("Имя показателя", "Name"),
    "version": ("Версия определения", "Version of the definition"),
    "start": ("С", "From"),
    "end": ("До (не включая)", "Until (not included)"),
    "zone": ("Часовой пояс", "Time zone"),
    "grain": ("Период", "Period"),
    "account": ("Аккаунт", "Account"),
    "listing": ("Объявление", "Listing"),
    "author": ("Автор", "Author"),
    "target": ("Обещанное время ответа (с)", "Promised time of an answer (s)"),
    "opens": ("Рабочий день с", "Working hours from"),
    "closes": ("Рабочий день до", "Working hours until"),
    "weekdays": ("Рабочие дни", "Working days"),
    "made_at": ("Файл сделан", "File made"),
}
"""Russian and English, without commas: a line of a CSV file is a comment as long as no quotes stand
around its beginning. A word without a label is shown by its own name."""

NUMBER = "number"
"""No column of a metric is called so."""

_ALL = {"ru": "все", "en": "all"}
_WHOLE = {"ru": "весь срок", "en": "whole window"}
_NO_HOURS = {"ru": "не заданы, по календарю", "en": "none, by the calendar"}


@dataclass(frozen=True)
class Origin:
    """Where the rows of a file come from: whose answer, about what, when.

    `dialogs_of` is None for the metric's answer itself; for the dialogs behind a number it is the
    place of that number in the answer: {"period": …, "answered_by": "assistant"}; under NUMBER its
    column.
    """

    metric: Metric
    window: Window
    made_at: datetime
    language: Language = "ru"
    dialogs_of: Mapping[str, object] | None = None

    def words(self) -> dict[str, object]:
        """Definition, filter and date by English names, in the order in which they are read."""
        metric, window = self.metric, self.window
        facts = metric.facts(self.language)
        filtered = {each.name: getattr(window, each.name) for each in fields(window)}
        if window.opens is None:
            filtered |= dict.fromkeys(("opens", "closes"), _NO_HOURS[self.language])
        filtered["weekdays"] = ", ".join(map(str, window.weekdays))
        return {
            "title": metric.title(self.language),
            "question": metric.asks(self.language),
            "unit": facts["unit"],
            "denominator": facts["denominator"],
            **self._rows(facts["grain"]),
            "notes": metric.notes(self.language),
            "name": metric.name,
            "version": metric.version,
            **filtered,
            "made_at": self.made_at,
        }

    def texts(self) -> dict[str, str]:
        """The same as texts; moments on the window's clock."""
        return {name: self._text(value) for name, value in self.words().items()}

    def labelled(self) -> dict[str, str]:
        """The same under labels in the language."""
        place = 0 if self.language == "ru" else 1
        texts = self.texts()
        return {_LABELS[n][place] if n in _LABELS else n: text for n, text in texts.items()}

    @property
    def whole(self) -> str:
        """What stands for the period of a row that is about the whole window."""
        return _WHOLE[self.language]

    def _rows(self, grain: str) -> dict[str, object]:
        if self.dialogs_of is None:
            return {"row": grain}
        cell = {name: value for name, value in self.dialogs_of.items() if name != NUMBER}
        named = [self._named(str(self.dialogs_of[NUMBER]))] if NUMBER in self.dialogs_of else []
        named += [f"{self._named(name)} = {self._text(value)}" for name, value in cell.items()]
        place = ", ".join(named)
        return {"dialogs_of": place or self.whole}

    def _named(self, column: str) -> str:
        return f"{label(column, self.language)} ({column})"

    def _text(self, value: object) -> str:
        if value is None:
            return _ALL[self.language]
        if isinstance(value, datetime):
            clock = ZoneInfo(self.window.zone)
            return (value.astimezone(clock) if value.tzinfo else value).isoformat(" ", "seconds")
        return str(value)
