"""The bot's short codes in the words of the person who reads them."""

from collections.abc import Mapping

from pages._ui.control.words import MODES
from pages._ui.i18n import _, later

REASONS: Mapping[str, str] = {
    "human_wrote": later("a person wrote in the chat"),
    "taken": later("a person took the chat"),
    "given_back": later("a person gave the chat back"),
    "asked_for_human": later("the client asked for a person"),
    "client_asks": later("the client asked for a person"),
    "angry": later("the client is angry"),
    "money_back": later("the client wants money back"),
    "policy": later("a person answers this by rule"),
    "too_many_replies": later("too many replies in one hour"),
    "draft_waits": later("a draft waits for you"),
    "no_answer_needed": later("a person said that no answer is needed"),
    "unsure": later("the assistant was not sure"),
    "model_hand_off": later("the assistant thought a person should answer"),
    "complaint": later("the client complains"),
    "not_text": later("it is not a text"),
    "model_failed": later("the language model did not answer"),
    "too_old": later("the message was too old to be answered by itself"),
    "unknown_outcome": later("it is not known whether the reply arrived"),
    "reply_refused": later("Avito refused the reply"),
    "listing_off": later("the assistant is off for this listing"),
    "no_listing": later("the chat belongs to no listing"),
    "account_unusable": later("the account has to be connected again"),
    "off_hours": later("outside working hours"),
    "budget": later("the budget for replies is used up"),
    "superseded": later("the client wrote again meanwhile"),
    "dropped": later("the chat moved on meanwhile"),
    "guard:price": later("the guard: a price that nobody told it"),
    "guard:discount": later("the guard: a discount that nobody told it"),
    "guard:date": later("the guard: a time that nobody told it"),
    "guard:address": later("the guard: an unknown address"),
    "guard:phone": later("the guard: an unknown number"),
    "guard:link": later("the guard: an unknown link"),
    "guard:guarantee": later("the guard: a guarantee that nobody told it"),
    "guard:stock": later("the guard: unknown stock or properties"),
    "guard:delivery": later("the guard: an unknown delivery or service"),
    "guard:competitor": later("the guard: talk of other sellers"),
    "guard:legal_promise": later("the guard: a promise of compensation"),
    "guard:prompt_leak": later("the guard: talk of its own instructions"),
    "guard:role_break": later("the guard: out of its role"),
    "silenced": later("the assistant was silenced everywhere"),
    "working_hours": later("people are at work"),
    "draft": later("nobody decided about the draft"),
    "draft_thrown_away": later("the draft was thrown away"),
    "mode_changed": later("the mode was changed"),
}
VERDICTS: Mapping[str, str] = {
    "answered": later("answered"),
    "merged": later("answered together with a later message"),
    "left_to_human": later("left to a person"),
    "off": later("the assistant is off"),
    "off_hours": later("not the assistant's hours"),
    "budget": later("the budget is used up"),
    "not_text": later("not a text, left to a person"),
    "failed": later("no answer could be made"),
}
CHAT_STATES: Mapping[str, str] = {
    "quiet": later("quiet"),
    "waiting": later("waiting"),
    "draft": later("a draft waits for you"),
    "answering": later("the assistant is thinking"),
    "sending": later("the reply is on its way"),
    "left_to_human": later("waits for a person"),
}
REPLY_STATES: Mapping[str, str] = {
    "intended": later("about to be sent"),
    "sending": later("on its way"),
    "sent": later("delivered"),
    "unknown": later("outcome unknown, being looked up at Avito"),
    "dropped": later("not sent, the chat moved on"),
}
INTENTS: Mapping[str, str] = {
    "price": later("to know the price"),
    "availability": later("to know whether it is available"),
    "address": later("to know the address"),
    "timing": later("to know when"),
    "guarantee": later("to know about the guarantee"),
    "haggle": later("a discount"),
    "complaint": later("to complain"),
    "human_request": later("a person"),
    "delivery": later("to know about delivery"),
    "documents": later("documents"),
    "payment": later("to know how to pay"),
    "phone_given": later("a call, and left a number"),
    "greeting": later("to say hello"),
    "thanks": later("to say thanks"),
    "spam": later("to advertise something"),
    "other": later("something else"),
}
LEAD_STATES: Mapping[str, str] = {
    "new": later("new"),
    "sending": later("on its way to the CRM"),
    "sent": later("in the CRM"),
    "unknown": later("outcome unknown, will be tried again"),
    "failed": later("the CRM did not take it"),
    "kept": later("kept here, no CRM is set up"),
}
LEAD_SHORT: Mapping[str, str] = {
    "new": later("New"),
    "sending": later("On the way"),
    "sent": later("In the CRM"),
    "unknown": later("In doubt"),
    "failed": later("Not taken"),
}
LEAD_COLOURS: Mapping[str, str] = {
    "new": "blue",
    "sending": "orange",
    "sent": "green",
    "unknown": "orange",
    "failed": "red",
    "kept": "gray",
}
LEAD_FIELDS: Mapping[str, str] = {
    "name": later("Name"),
    "phone": later("Phone"),
    "pestType": later("Who bothers"),
    "objectType": later("Kind of premises"),
    "rooms": later("Rooms"),
    "infestation": later("How bad it is"),
    "previousTreatment": later("Treated before"),
    "address": later("Address"),
    "expectedDate": later("When"),
    "clientComment": later("Comment"),
}
LEAD_VALUES: Mapping[str, str] = {
    "tarakany": later("cockroaches"),
    "klopy": later("bedbugs"),
    "muravi": later("ants"),
    "gryzuny": later("rodents"),
    "bleshi": later("fleas"),
    "kleshchi": later("ticks"),
    "plesen": later("mould"),
    "apartment": later("apartment"),
    "house": later("house"),
    "plot": later("plot of land"),
    "commercial": later("business premises"),
    "low": later("a little"),
    "medium": later("medium"),
    "high": later("badly"),
}
KINDS: Mapping[str, str] = {
    "image": later("Photo"),
    "voice": later("Voice message"),
    "video": later("Video"),
    "file": later("File"),
    "location": later("Place on the map"),
    "link": later("Link"),
    "item": later("Listing"),
    "call": later("Call"),
    "appCall": later("Call in the app"),
    "deleted": later("Message deleted"),
    "system": later("Notice from Avito"),
}
AUTHORS: dict[str, str] = {
    "client": later("Client"),
    "assistant": later("Assistant"),
    "human_app": later("Person, in Avito"),
    "human_dashboard": later("Person, from here"),
    "avito": later("Avito"),
}
ANSWERED_BY: Mapping[str, str] = AUTHORS | {
    "all": later("Everybody"),
    "nobody": later("Nobody yet"),
    "person": later("Person"),
    "human": later("People"),
}
SPANS_WAITED: Mapping[str, str] = {
    "within_1_min": later("within 1 min"),
    "within_5_min": later("1–5 min"),
    "within_15_min": later("5–15 min"),
    "within_60_min": later("15–60 min"),
    "within_24_h": later("1–24 h"),
    "longer": later("later"),
    "never": later("never answered"),
}
ANY = {"all": later("All")}
FATES: Mapping[str, str] = {
    **REASONS,
    "intended": later("became a reply"),
    "mended": later("mended by a person and sent"),
    "thrown_away": later("thrown away by a person"),
    "newer_message": later("the client wrote again meanwhile"),
}
# What a switch or silence was set to; the mode that is off stands in the same columns.
SET_TO: Mapping[str, str] = {**MODES, "on": later("on"), "off": later("off")}
CELLS: Mapping[str, Mapping[str, str]] = {
    "after": SET_TO,
    "answered_by": ANSWERED_BY,
    "author": AUTHORS,
    "before": SET_TO,
    "fate": FATES,
    "kind": {**KINDS, "text": later("Text")},
    "reason": {**REASONS, **ANY},
    "state": REPLY_STATES,
    "verdict": {**VERDICTS, **ANY},
    "wait": {"first": later("First answers"), "every": later("Every answer")},
    "waited": SPANS_WAITED,
    "what": {
        "dialog": later("Dialogs"),
        "lead": later("Leads"),
        "in_time": later("in time"),
        "late": later("late or never"),
        "switch": later("Whether the assistant is on"),
        "mode": later("Mode"),
        "silence": later("Silence everywhere"),
        "prompt": later("Version of the instructions"),
        "price": later("Price of the listing"),
    },
    "span": {"now": later("This span"), "before": later("Span before")},
}
"""What the codes in a column of an answer mean."""

LISTING_STATUSES: Mapping[str, str] = {
    "active": later("active"),
    "old": later("archived"),
    "removed": later("removed"),
    "blocked": later("blocked"),
    "rejected": later("rejected"),
}
FOUND_BY: Mapping[str, str] = {
    "webhook": later("by webhook"),
    "sweep": later("by the sweep"),
    "reading": later("by reading the chat"),
}
CHECKS: Mapping[str, str] = {
    "database": later("Database"),
    "lake": later("Event log"),
    "avito": later("Avito"),
    "model": later("Language model"),
    "crm": later("CRM"),
    "workers": later("Workers"),
    "telegram": later("Telegram"),
    "email": later("E-mail"),
    "data": later("Data"),
}
NOTICES: Mapping[str, str] = {
    "webhook_taken": later("Another service took the webhook; it was taken back"),
    "needs_reconnect": later("An account has to be connected again"),
    "no_messenger": later("The account's plan has no messenger access"),
    "lead_failed": later("A lead did not get into the CRM"),
    "backlog": later("Messages were too old to be answered by themselves"),
    "unknown_reply": later("It is not known whether a reply arrived"),
    "hand_off": later("A chat needs a person"),
    "reply_refused": later("Avito refused a reply"),
    "budget_spent": later("The budget for the model holds no further reply"),
    "avito_down": later("Avito does not answer"),
    "model_down": later("The language model does not answer"),
    "crm_down": later("The CRM does not answer"),
    "log_stuck": later("The event log cannot be written"),
}
CHANNELS: Mapping[str, str] = {"telegram": later("Telegram"), "email": later("E-mail")}
TELLINGS: Mapping[str, str] = {
    "waiting": later("waits"),
    "sending": later("on its way"),
    "sent": later("sent"),
    "failed": later("not sent"),
    "unneeded": later("not needed any more"),
}


def word(table: Mapping[str, str], code: str | None) -> str:
    """The words for `code`; a code of a newer bot is shown as it is."""
    if not code:
        return ""
    return _(table[code]) if code in table else code
