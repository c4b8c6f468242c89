"""Pages behind a paywall or a consent dialogue are recognised and said; the feed's text is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults import page
from stage import rss, staged, text_of, title_of

from monitor.errors import ParseError
from monitor.ingest.gates import ARTICLE_WORDS
from monitor.ingest.page import extract
from monitor.ingest.walls import wall_of
from monitor.model import Response

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOT_FREE = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":%s}</script>'
TEASER = (
    "Officers at the eastern gate of the port opened a container on Friday and found tea where the papers said glass."
)
ARTICLE = " ".join(
    f"In warehouse {n} the officers of the port found {n + 3} boxes of tea and sealed them." for n in range(15)
)


def problem_of(title: str, body: str, lang: str = "en") -> str:
    """Return why the article of a page cannot be read, or nothing when it can."""
    html = f"<!doctype html><html lang='{lang}'><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    try:
        extract(html.encode(), url="https://quay.example/tea", content_type="text/html; charset=utf-8", now=NOW)
    except ParseError as error:
        return error.message
    return ""


@pytest.mark.parametrize("said", ["false", '"False"', '"false"', '"http://schema.org/False"'])
def test_a_page_that_says_it_is_not_free(said: str) -> None:
    """However a page writes in JSON-LD that it is not free, a teaser is known for one."""
    assert "paywall" in problem_of("Tea in the port of Velmora", NOT_FREE % said + f"<p>{TEASER}</p>")


@pytest.mark.parametrize(
    "lock",
    [
        "<div class='paywall'><p>Read on with a plan that suits you.</p></div>",
        "<div class='article-premium-content'><p>Choose your plan and read on.</p></div>",
        "<div id='piano-offer'>Get unlimited access today</div>",
    ],
)
def test_lock_with_words_on_it(lock: str) -> None:
    """The markup of a paywall with an offer in it, beside a short text, is a paywall."""
    assert "paywall" in problem_of("Tea in the port of Velmora", f"<article><p>{TEASER}</p>{lock}</article>")


@pytest.mark.parametrize(
    ("lang", "phrase"),
    [
        ("en", "This article is for subscribers only."),
        ("ru", "Материал доступен по подписке."),
        ("az", "Davamını oxumaq üçün abunə olun."),
        ("fr", "Article réservé aux abonnés."),
        ("es", "Contenido exclusivo para suscriptores."),
        ("de", "Dieser Text ist nur für Abonnenten."),
        ("pt", "Conteúdo exclusivo para assinantes."),
        ("tr", "Bu haber abonelere özel."),
        ("vi", "Đăng ký để đọc tiếp."),
        ("ar", "هذا المقال للمشتركين فقط."),
        ("zh", "本文订阅后阅读全文。"),
    ],
)
def test_phrases_of_paywalls(lang: str, phrase: str) -> None:
    """What a paywall says is known in every language the monitor knows."""
    assert "paywall" in problem_of("Tea in the port of Velmora", f"<p>{TEASER}</p><div><p>{phrase}</p></div>", lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "We and our partners use cookies and similar technologies. Accept all or manage your choices."),
        (
            "ru",
            "Мы используем файлы cookie, и наши партнеры тоже. Вы можете принять все или отклонить все сразу здесь.",
        ),
        (
            "az",
            "Biz kuki fayllarından istifadə edirik və razılığınız lazımdır. Hamısını qəbul et və ya hamısını rədd et.",
        ),
        (
            "fr",
            "Nous utilisons des cookies avec nos partenaires sur ce site. Tout accepter ou tout refuser, à vous de voir.",
        ),
        (
            "es",
            "Utilizamos cookies con nuestros socios en este sitio. Puede aceptar todo o rechazar todo en este momento.",
        ),
        (
            "de",
            "Wir verwenden Cookies mit anderen auf Ihrem Gerät. Sie können hier alle akzeptieren oder alle ablehnen.",
        ),
        (
            "pt",
            "Usamos os cookies com nossos parceiros neste site. Pode aceitar todos ou rejeitar todos agora mesmo aqui.",
        ),
        (
            "tr",
            "Sitemizde çerez kullanılır, iş ortaklarımız da görür. Şimdi tümünü kabul et ya da tümünü reddet deyin.",
        ),
        ("vi", "Chúng tôi sử dụng cookie và đối tác của chúng tôi cũng vậy. Chấp nhận tất cả hoặc từ chối tất cả."),
        ("ar", "نستخدم ملفات تعريف الارتباط مع شركائنا على هذا الموقع. يمكنك قبول الكل أو رفض الكل في أي وقت تشاء."),
        (
            "zh",
            "我们使用cookie，我们的合作伙伴也会在本网站上这样做。您可以全部接受，也可以全部拒绝，并随时更改您的选择。",
        ),
    ],
)
def test_consent_dialogues(lang: str, text: str) -> None:
    """A page whose text is a dialogue about cookies is said to be one, in every language the monitor knows."""
    assert "consent" in problem_of("News of the port", f"<div><p>{text}</p></div>", lang)


@pytest.mark.parametrize(
    "body",
    [
        NOT_FREE % "false" + f"<p>{ARTICLE}</p>",
        f"<p>{ARTICLE}</p><div class='paywall'><p>This article is for subscribers only.</p></div>",
        f"<p>{TEASER}</p><div class='paywall'></div>",
        NOT_FREE % "true" + f"<p>{TEASER}</p>",
        f"<p>{TEASER}</p><div id='onetrust-banner-sdk'><p>We use cookies. Accept all.</p></div>",
        f"<p>{TEASER}</p><p>The port asked its partners for their consent to open the boxes and got it on Sunday.</p>",
    ],
)
def test_what_is_no_gate(body: str) -> None:
    """A whole article, an empty place for an offer, a banner beside a short notice: all are read."""
    assert len(ARTICLE.split()) > ARTICLE_WORDS
    assert problem_of("Tea in the port of Velmora", body) == ""


@pytest.mark.parametrize("host", ["consent.finder.example", "guce.finder.example", "www.consent.example"])
def test_redirect_to_a_consent_host(host: str) -> None:
    """An answer from a consent host that was not asked is a wall with its name."""
    led = Response("https://quay.example/tea", f"https://{host}/m?continue=tea", 200, {}, b"<html></html>", NOW)
    assert wall_of(led) == f"a consent page ({host})"
    asked = Response(f"https://{host}/feed", f"https://{host}/feed", 200, {}, b"<rss/>", NOW)
    assert wall_of(asked) is None


def test_paywall_is_said_and_the_feed_kept(tmp_path: Path) -> None:
    """A page behind a paywall is a problem that the item names; its text is the feed's."""
    body = "<p class='paywall'>This article is for subscribers only. Subscribe now to read the full story.</p>"
    with staged(tmp_path) as stage:
        stage.feed(rss("/alpha"))
        stage.page("/alpha", page(title_of("/alpha"), NOT_FREE % "false" + body))
        stage.poll()
        ((origin, problem),) = stage.rows("select text_origin, page_problem from items")
    assert (origin, "paywall" in str(problem)) == ("feed", True)


def test_consent_page_is_said_and_is_nobodys_article(tmp_path: Path) -> None:
    """A consent page is a problem that the item names; its text is not taken for an article."""
    words = "We and our 812 partners store and access cookies on your device. Accept all or manage your choices. " * 3
    with staged(tmp_path) as stage:
        stage.feed(rss("/alpha"))
        stage.page("/alpha", page("Before you continue", f"<p>{words}</p><button>Accept all</button>"))
        stage.poll()
        ((text, problem),) = stage.rows("select text, page_problem from items")
    assert ("partners" in str(text), "consent" in str(problem)) == (False, True)
    assert text_of("/alpha") != text
