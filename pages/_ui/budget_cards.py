"""One account's budget: spent today and this month, the forecast, the days, and a form for the limits."""

import streamlit as st

from bot.client import BotError, Budget, Limits
from pages._ui import show, source, trouble
from pages._ui.i18n import _, later
from pages._ui.pieces import numbers as pieces
from pages._ui.pieces.numbers import Number
from pages._ui.text import plain

STEPS = {
    "full": ("green", "check_circle", later("The assistant writes as usual.")),
    "cheaper": ("orange", "savings", later("Four fifths are spent: the cheaper model writes.")),
    "drafts": (
        "orange",
        "edit_note",
        later("Nearly all is spent: the assistant only drafts, a manager sends."),
    ),
    "spent": ("red", "block", later("The budget holds no further reply: a person answers.")),
}
FIELDS = (
    ("day_rub", later("Roubles a day")),
    ("month_rub", later("Roubles a month")),
    ("day_tokens", later("Tokens a day")),
    ("month_tokens", later("Tokens a month")),
)


def numbers_of(budget: Budget) -> None:
    with st.container(border=True, key=f"card_budget_{budget.account_id}"):
        st.subheader(plain(_name(budget.account_id)), anchor=False)
        st.html(pieces.numbers(_numbers(budget)))
        colour, sign, said = STEPS.get(budget.step, STEPS["full"])
        st.markdown(f":{colour}[:material/{sign}: {_(said)}]")
        st.caption(_about(budget))


def _numbers(budget: Budget) -> list[Number]:
    limits, course = (
        budget.limits,
        [day.rub if budget.priced else float(day.tokens) for day in budget.days],
    )
    refused = show.number(budget.month.refused)
    if not budget.priced:
        return [
            Number(
                _("Tokens today"),
                show.number(budget.today.tokens),
                _of(limits.day_tokens),
                course=course,
            ),
            Number(
                _("Tokens this month"), show.number(budget.month.tokens), _of(limits.month_tokens)
            ),
            Number(_("Forecast for the month"), show.number(budget.forecast_tokens)),
            Number(_("Calls refused this month"), refused),
        ]
    return [
        Number(_("Today"), show.money(budget.today.rub, 2), _of_rub(limits.day_rub), course=course),
        Number(_("This month"), show.money(budget.month.rub, 2), _of_rub(limits.month_rub)),
        Number(_("Forecast for the month"), show.money(budget.forecast_rub, 2)),
        Number(_("Tokens this month"), show.number(budget.month.tokens), _of(limits.month_tokens)),
        Number(_("Calls refused this month"), refused),
    ]


def _of_rub(limit: float | None) -> str:
    return _("no limit") if limit is None else _("of {limit}").format(limit=show.money(limit, 2))


def _of(limit: int | None) -> str:
    return _("no limit") if limit is None else _("of {limit}").format(limit=show.number(limit))


def _about(budget: Budget) -> str:
    said = [_("Model: {name}.").format(name=budget.model)]
    if budget.cheap_model:
        said.append(_("Cheaper model: {name}.").format(name=budget.cheap_model))
    if budget.today.held_rub or budget.today.held_tokens:
        held = (
            show.money(budget.today.held_rub, 2)
            if budget.priced
            else show.number(budget.today.held_tokens)
        )
        said.append(
            _("{held} are set aside for calls under way; most comes back.").format(held=held)
        )
    if not budget.priced:
        said.append(_("The model's prices are not set, so only tokens are counted."))
    said.append(
        _(
            "Days and months are those of the account's time zone. A call without an answer counts at its most."
        )
    )
    return " ".join(said)


def limits() -> None:
    """Forms stand outside the live part, so that typing is not lost."""
    try:
        budgets = source.bot().budgets()
    except BotError:
        return
    for budget in budgets:
        _form(budget)


def _form(budget: Budget) -> None:
    with (
        st.container(border=True, key=f"card_limits_{budget.account_id}"),
        st.form(f"budget_{budget.account_id}", border=False),
    ):
        st.subheader(
            _("Limits of {name}").format(name=plain(_name(budget.account_id))), anchor=False
        )
        st.caption(
            _(
                "Leave a field empty for no limit. To stop the assistant, switch it off or silence it."
            )
        )
        columns = st.columns(4)
        for column, (field, label) in zip(columns, FIELDS, strict=True):
            has = getattr(budget.limits, field)
            whole = field.endswith("tokens")
            column.number_input(
                _(label),
                min_value=None,
                value=has,
                step=1000 if whole else 10.0,
                format="%d" if whole else "%.2f",
                key=f"{field}_{budget.account_id}",
                disabled=not whole and not budget.priced,
            )
        if st.form_submit_button(_("Save"), type="primary"):
            _save(budget.account_id)


def _save(account_id: int) -> None:
    wanted = {field: st.session_state.get(f"{field}_{account_id}") for field, _label in FIELDS}
    if any(value is not None and value <= 0 for value in wanted.values()):
        st.error(_("A limit is more than 0, or empty for none. Nothing was changed."))
        return
    try:
        source.bot().set_budget(account_id, Limits(**wanted))
    except BotError as error:
        st.error(trouble.said(error))
    else:
        st.toast(_("The budget holds from the next call on."), icon=":material/check:")


def _name(account_id: int) -> str:
    return next((one.name for one in source.accounts() if one.id == account_id), str(account_id))
