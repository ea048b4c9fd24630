"""Dates that a text states of itself, and the language it is in."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from monitor.text.dates import parse_date, stated_dates
from monitor.text.language import detect

UPDATED = {
    "Last updated: 3 March 2026": date(2026, 3, 3),
    "Last Updated on March 3, 2026": date(2026, 3, 3),
    "**Last updated:** March 3rd, 2026": date(2026, 3, 3),
    "_Last updated 3rd of March 2026_": date(2026, 3, 3),
    "LAST MODIFIED: 03/29/2020": date(2020, 3, 29),
    "Last revised 2026-03-03.": date(2026, 3, 3),
    "Updated Mar. 3, 2026": date(2026, 3, 3),
    "Date of last revision: Sept 9, 2025": date(2025, 9, 9),
    "This policy was last changed on 5 May 2024.": date(2024, 5, 5),
    "Last updated: August 2020": date(2020, 8, 1),
    "Last updated: [July 18, 2022](https://x.test/log)": date(2022, 7, 18),
    "New version (last updated September 14,2020)": date(2020, 9, 14),
    "Dernière mise à jour, le 16 septembre 2024": date(2024, 9, 16),
    "Version dated 1.2.2024": date(2024, 2, 1),
    "| Last updated | 3 March 2026 |": date(2026, 3, 3),
    "Stand: 25. Mai 2018": date(2018, 5, 25),
    "Letzte Aktualisierung: 1. März 2024": date(2024, 3, 1),
    "Zuletzt aktualisiert am 12.04.2023": date(2023, 4, 12),
    "Dernière mise à jour : 1er juillet 2024": date(2024, 7, 1),
    "Mis à jour le 16 septembre 2024": date(2024, 9, 16),
    "Última actualización: 4 de febrero de 2023": date(2023, 2, 4),
    "Ultimo aggiornamento: 7 ottobre 2022": date(2022, 10, 7),
    "Laatst bijgewerkt: 8 november 2021": date(2021, 11, 8),
    "协议更新日期：2024 年 12 月 19 日": date(2024, 12, 19),
}
EFFECTIVE = {
    "Effective date: 5 April 2026": date(2026, 4, 5),
    "Effective: April 5, 2026": date(2026, 4, 5),
    "This notice is effective as of April 5, 2026.": date(2026, 4, 5),
    "Effective from December 16, 2020": date(2020, 12, 16),
    "It takes effect on 5 April 2026.": date(2026, 4, 5),
    "It comes into force on 2026/04/05.": date(2026, 4, 5),
    "Gültig ab 1. Januar 2025": date(2025, 1, 1),
    "En vigueur depuis le 2 août 2023": date(2023, 8, 2),
}
NEITHER = [
    "Our company was founded on 3 March 1999.",
    "The Act of 25 May 2018 applies.",
    "We updated our maps, and our walkers liked that. 12 people came.",
    "Last updated: 31 February 2026",
    "Last updated: 99/99/2026",
    "Last updated recently",
    "",
]


@pytest.mark.parametrize(("words", "day"), UPDATED.items())
def test_when_a_text_says_it_was_updated(words: str, day: date) -> None:
    found = stated_dates(f"# Policy\n\n{words}\n\nWe collect data.\n")
    assert found.updated == day
    assert found.updated_quote in words
    assert found.effective is None


@pytest.mark.parametrize(("words", "day"), EFFECTIVE.items())
def test_from_when_a_text_says_it_is_in_force(words: str, day: date) -> None:
    found = stated_dates(f"# Policy\n\n{words}\n\nWe collect data.\n")
    assert found.effective == day
    assert found.effective_quote in words
    assert found.updated is None


@pytest.mark.parametrize("words", NEITHER)
def test_other_dates_are_not_the_texts_own(words: str) -> None:
    found = stated_dates(words)
    assert (found.updated, found.effective) == (None, None)


def test_both_dates_of_one_line() -> None:
    found = stated_dates("Last updated: 1 March 2026. Effective: 5 April 2026.")
    assert (found.updated, found.effective) == (date(2026, 3, 1), date(2026, 4, 5))


def test_a_date_at_the_end_of_a_long_text_is_found_and_one_in_its_middle_is_not() -> None:
    prose = "We keep what you tell us for as long as the law asks. " * 400
    assert stated_dates(prose + "Last updated: 3 March 2026").updated == date(2026, 3, 3)
    assert stated_dates(prose + "Last updated: 3 March 2026. " + prose).updated is None


@pytest.mark.parametrize(("words", "day"), [("3 March 2026", date(2026, 3, 3)), ("13/04/2026", date(2026, 4, 13)), ("04/13/2026", date(2026, 4, 13)), ("04.05.2026", date(2026, 5, 4)), ("04/05/2026", date(2026, 4, 5)), ("3 maaliskuuta 2026", date(2026, 3, 3)), ("nothing", None), ("13/13/2026", None)])  # fmt: skip
def test_reading_a_date(words: str, day: date | None) -> None:
    assert parse_date(words) == day


TEXTS = {
    "en": "We collect the data that you give to us, and we use it to make the service better for you and other people.",
    "de": "Wir erheben die Daten, die Sie uns geben, und nutzen sie, um den Dienst für Sie und andere besser zu machen.",
    "fr": "Nous recueillons les données que vous nous donnez et nous les utilisons pour améliorer le service pour vous.",
    "es": "Recopilamos los datos que usted nos da y los usamos para mejorar el servicio para usted y otras personas.",
    "it": "Raccogliamo i dati che ci fornite e li usiamo per migliorare il servizio per voi e per altre persone della rete.",
    "pt": "Coletamos os dados que você nos dá e os usamos para melhorar o serviço para você e para outras pessoas, não mais.",
    "nl": "Wij verzamelen de gegevens die u ons geeft en gebruiken die om de dienst voor u en andere mensen beter te maken.",
    "sv": "Vi samlar in de uppgifter som du ger oss och använder dem för att göra tjänsten bättre för dig och andra.",
    "pl": "Zbieramy dane, które nam podajesz, i używamy ich, aby usługa była lepsza dla ciebie i dla innych osób na stronie.",
    "ru": "Мы собираем данные, которые вы нам даёте, и используем их, чтобы сделать сервис лучше для вас и других людей.",
    "uk": "Ми збираємо дані, які ви нам надаєте, і використовуємо їх, щоб зробити сервіс кращим для вас та інших людей.",
    "el": "Συλλέγουμε τα δεδομένα που μας δίνετε και τα χρησιμοποιούμε για να βελτιώσουμε την υπηρεσία για εσάς.",
    "zh": "我们收集您提供给我们的数据，并使用这些数据来为您和其他人改善服务，我们不会出售您的个人信息。",
    "ja": "私たちはあなたが提供するデータを収集し、あなたと他の人々のためにサービスをより良くするために使用します。",
    "ko": "우리는 귀하가 제공하는 데이터를 수집하고 귀하와 다른 사람들을 위해 서비스를 개선하는 데 사용합니다.",
    "ar": "نحن نجمع البيانات التي تقدمها لنا ونستخدمها لتحسين الخدمة لك وللآخرين في كل مكان.",
    "": "xk 12 zz",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_the_language_of_a_text(code: str, text: str) -> None:
    assert detect(text) == code


def test_names_in_another_language_do_not_mislead() -> None:
    assert detect(TEXTS["en"] * 5 + " Datenschutz und die Bundesanstalt für das Wandern der Länder.") == "en"


def test_when_both_dates_are_known_later_ones_are_not_asked() -> None:
    found = stated_dates("Last updated: 1 March 2026. Effective: 5 April 2026. Earlier: last updated 2 May 2019.")
    assert (found.updated, found.effective) == (date(2026, 3, 1), date(2026, 4, 5))


def test_a_log_of_hundreds_of_dates_takes_nothing_from_the_date_above_it() -> None:
    log = "".join(f"- {day} March {year}: words\n" for year in range(2000, 2025) for day in range(1, 9))
    assert stated_dates(f"Last updated: 3 March 2026\n\n{log}").updated == date(2026, 3, 3)


@pytest.mark.parametrize(
    "text",
    [
        "ჩვენ ვაგროვებთ თქვენს მონაცემებს და ვიყენებთ მათ მომსახურების გასაუმჯობესებლად.",
        "Մենք հավաքում ենք ձեր տվյալները և օգտագործում դրանք ծառայության համար։",
        "Larkfield Birchhost Alderpay Globex Hooli Umbrella Initech",
    ],
    ids=["Georgian", "Armenian", "names"],
)
def test_a_language_that_is_not_known_is_not_guessed(text: str) -> None:
    assert detect(text) == ""


FIRST = """
import time
from monitor.text.dates import parse_date
parse_date("3 March 2026")
before = time.process_time()
assert parse_date({words!r}) == {day!r}
print(time.process_time() - before)
"""


@pytest.mark.parametrize(("words", "day"), [("7 ڪule 2019", None), ("1 серпня 2019", "datetime.date(2019, 8, 1)")])
def test_the_first_month_of_a_process_that_no_list_knows_costs_no_seconds(words: str, day: str | None) -> None:
    """A month misspelt once made a fresh process load two hundred languages: 2 s of CPU."""
    program = "import datetime" + FIRST.format(words=words, day="@").replace("'@'", str(day))
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(ran.stdout) < 1.0
