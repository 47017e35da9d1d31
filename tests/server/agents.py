"""What browsers call themselves, and where they are: the page's modules and /go must agree."""

AGENTS: tuple[tuple[str, str], ...] = (
    ("Mozilla/5.0 (Linux; Android 10) Chrome/80.0 Mobile", "phone"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 13_3 like Mac OS X) Safari", "phone"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 13_3 like Mac OS X) Mobile/15E148 X/1", "inapp"),
    ("Mozilla/5.0 (Linux; Android 10; V1936A; wv) Version/4.0 Chrome/80 Mobile X", "inapp"),
    ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1", "phone"),
    ("Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0", "wechat"),
    ("Mozilla/5.0 (Linux; Android 10; V1936A; wv) Chrome/80 MicroMessenger/8.0", "wechat"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64) MicroMessenger/7.0", "wechat"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120 Safari/537.36", "desktop"),
    ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/120.0", "desktop"),
    ("", "desktop"),
)
