"""What the buyers of the demo say, and how they take an answer."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One thing a buyer does.

    `wait` means: not before the seller answered (or a long silence). `pause` is counted in paces.
    `react` maps a pattern in the seller's answer to what is said instead of `text`. `by` is
    "client" or "seller" (who then writes from the app).
    """

    text: str = ""
    type: str = "text"
    wait: bool = False
    pause: float = 1.0
    react: dict[str, str] = field(default_factory=dict)
    by: str = "client"


@dataclass(frozen=True)
class Script:
    """A buyer: which listings (by a part of the title) and what happens."""

    name: str
    about: str
    steps: tuple[Step, ...]


def _asks(text: str, **more: str) -> Step:
    react = {"телефон|номер": more.get("phone", ""), "адрес|район": more.get("address", "")}
    return Step(text, wait=True, react={k: v for k, v in react.items() if v})


SCRIPTS = (
    Script(
        "burst",
        "клоп",
        (
            Step("здравствуйте"),
            Step("у меня клопы", pause=0.3),
            Step("двушка, спальня и зал", pause=0.3),
            Step("сколько будет стоить?", pause=0.3),
            _asks(
                "а гарантия есть?", phone="Запишите: 8 916 555-01-42", address="Варшавское шоссе 28"
            ),
            Step("спасибо, жду", wait=True),
        ),
    ),
    Script(
        "haggler",
        "таракан",
        (
            Step("Добрый день! Сколько стоит обработка однушки?"),
            Step("Дорого. За 1500 сделаете?", wait=True),
            Step("А если соседка тоже закажет, скидку дадите?", wait=True),
            _asks("Ладно, давайте", phone="8(903)555-77-10, Игорь", address="улица Перерва 45"),
        ),
    ),
    Script(
        "phone",
        "клоп",
        (
            Step("Здравствуйте, нужна обработка от клопов, завтра сможете?"),
            Step("Мой номер +7 925 555 20 31, {name}. Лесная улица 7, кв 15", wait=True),
            Step("Отлично, спасибо!", wait=True),
        ),
    ),
    Script(
        "photo",
        "плесен",
        (
            Step("Добрый вечер, вот что у нас на стене"),
            Step(type="image", pause=0.5),
            Step("это плесень? возьмётесь?", pause=0.5),
            _asks("Площадь метров 12", phone="89265553344", address="Ломоносовский проспект 25"),
        ),
    ),
    Script(
        "voice",
        "мыш",
        (
            Step(type="voice"),
            Step("Голосовое послушали? Мыши в доме, участок под Домодедово", pause=3),
            Step("когда сможете приехать?", wait=True),
        ),
    ),
    Script(
        "person",
        "таракан",
        (
            Step("Здравствуйте"),
            Step("Я с роботом разговариваю? Позовите, пожалуйста, менеджера", wait=True),
            Step("Хорошо, жду", wait=True),
        ),
    ),
    Script(
        "night owl",
        "клоп",
        (
            Step("Извините, что ночью. Не могу спать, кусают. Работаете сейчас?"),
            Step("А сколько это стоит и как быстро приедете?", pause=2),
            _asks("Можно утром?", phone="номер 8-999-555-10-10 Света"),
        ),
    ),
    Script(
        "deleted",
        "муравь",
        (
            Step("Муравьи на кухне, сколько за обработку?"),
            Step("Сообщение удалено", pause=1.5),
            Step("Извините, не туда написал. Так сколько?", wait=True),
        ),
    ),
    Script(
        "notice",
        "запах",
        (
            Step("Добрый день, запах сигарет после жильцов убираете?"),
            Step("Пользователь посмотрел номер из объявления", type="system", pause=1.5),
            Step("А документы дадите? Мне для хозяина квартиры", wait=True),
        ),
    ),
    Script(
        "regular",
        "крыс",
        (
            Step("Добрый день, это снова склад на Ярославке, пора повторить обработку"),
            Step("Здравствуйте! Помню вас, приедем в четверг, как в прошлый раз.", by="seller"),
            Step("Отлично, акт тоже нужен", pause=2),
        ),
    ),
    Script(
        "link",
        "озонир",
        (
            Step("https://example.com/ozon-kvartira", type="link"),
            Step("Вот такая квартира, 54 метра. Почём озонирование?", pause=1),
            _asks("Как оплатить можно?", phone="+7 (977) 555-83-20", address="Сиреневый бульвар 4"),
        ),
    ),
    Script(
        "returning",
        "осин",
        (
            Step("Гнездо под крышей, большое. Сколько?"),
            Step("Подумаю", wait=True),
            Step("Снова я. Решился, когда приедете?", pause=8),
            _asks("Хорошо", phone="89055550917 Павел", address="Волоколамское шоссе 95"),
        ),
    ),
    Script(
        "angry",
        "клоп",
        (
            Step("Вы были у нас неделю назад, не помогло! Опять кусают"),
            Step("Верните деньги или приезжайте по гарантии", wait=True),
        ),
    ),
    Script(
        "place",
        "клещ",
        (
            Step("Добрый день! Участок 10 соток от клещей обработаете?"),
            Step("Истра, Советская улица 11", type="location", pause=1),
            _asks("Сколько выйдет?", phone="8 915 555 64 64", address="Советская улица 11"),
        ),
    ),
)
