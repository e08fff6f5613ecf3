"""The territory: 12 regions and 75 provinces, found by what people type and by where they are, and never finer."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import territory
from conversations.territory import PROVINCES, REGIONS, Province, Region, at, find, name, of_region
from tests.territory_samples import NOWHERE, POINTS, SENTENCES, TYPED

COUNTS = {"1": 8, "2": 8, "3": 9, "4": 7, "5": 5, "6": 9, "7": 8, "8": 5, "9": 6, "10": 4, "11": 4, "12": 2}
PREFECTURES = {
    "tanger-assilah", "mdiq-fnideq", "oujda-angad", "fes", "meknes", "rabat", "sale", "skhirat-temara", "casablanca",
    "mohammedia", "marrakech", "agadir-ida-outanane", "inezgane-ait-melloul",
}  # fmt: skip
COURTS = {
    "Rabat", "Kénitra", "Casablanca", "Fès", "Meknès", "Marrakech", "Agadir", "Oujda", "Tétouan", "Laâyoune", "Dakhla",
}  # fmt: skip
ROWS: tuple[Province | Region, ...] = (*PROVINCES.values(), *REGIONS.values())
NO_PLACE = "no oui non iyeh lla menu stop help paris madrid abroad maroc المغرب morocco نعم لا 12 22 ٣ ... 🙏 ال ⵓⵀⵓ"


def keys(provinces: tuple[Province, ...]) -> list[str]:
    return [province.key for province in provinces]


def test_the_division_is_the_decrees() -> None:
    assert {key: len(of_region(key)) for key in REGIONS} == COUNTS
    assert len(PROVINCES) == 75 == sum(COUNTS.values())
    assert {province.key for province in PROVINCES.values() if province.kind == "prefecture"} == PREFECTURES
    assert [province for key in REGIONS for province in of_region(key)] == list(PROVINCES.values())
    assert of_region("13") == ()


def test_a_court_is_proposed_only_where_it_is_certain() -> None:
    assert {province.court for province in PROVINCES.values()} == COURTS | {""}
    assert not any("court" in province.checked for province in PROVINCES.values())


def test_every_row_is_named_in_its_scripts() -> None:
    for row in ROWS:
        assert all("\u0600" <= sign <= "\u06ff" or sign in " -" for sign in row.ar), row.key
        assert all("\u2d30" <= sign <= "\u2d7f" or sign in " -" for sign in row.zgh), row.key
        assert row.fr.isprintable() and row.fr[0].isupper()
        assert ("zgh" in row.checked) <= bool(row.zgh)
        assert len(row.sources) == 2 and all("20" in source for source in row.sources)
    assert all(key.isascii() and key == key.lower() and " " not in key for key in PROVINCES)


def test_no_name_is_given_twice() -> None:
    for column in ("fr", "ar"):
        for rows in (PROVINCES.values(), REGIONS.values()):
            assert max(Counter(getattr(row, column) for row in rows).values()) == 1


@pytest.mark.parametrize("province", PROVINCES.values(), ids=lambda province: province.key)
def test_every_name_and_spelling_finds_its_province_alone(province: Province) -> None:
    for written in filter(None, (province.fr, province.ar, province.zgh, *province.spellings)):
        assert keys(find(written)) == [province.key], written
        assert keys(find(f"  {written.upper()}. ")) == [province.key], written


def test_no_spelling_is_superfluous() -> None:
    for row in PROVINCES.values():
        folded = [territory._key(territory._words(written)) for written in (row.fr, row.ar, *row.spellings)]
        assert max(Counter(folded).values()) == 1, row.key


def test_what_people_type_is_understood() -> None:
    typed = [(written, key) for key, line in TYPED.items() for written in line.split(", ")]
    assert len(typed) > 250 and set(TYPED) == set(PROVINCES)
    assert [(w, key, keys(find(w))) for w, key in typed if keys(find(w)) != [key]] == []


@pytest.mark.parametrize("said", SENTENCES)
def test_a_place_is_found_in_what_is_said(said: str) -> None:
    assert keys(find(said)) == [SENTENCES[said]]


def test_first_letters_give_all_that_start_so() -> None:
    assert keys(find("Tan")) == ["tanger-assilah", "fahs-anjra", "tan-tan"]  # Tanger Med lies in Fahs-Anjra
    assert keys(find("الد")) == ["driouch", "casablanca", "oued-ed-dahab"]
    assert keys(find("sidi")) == ["sidi-kacem", "sidi-slimane", "sidi-bennour", "sidi-ifni"]
    assert keys(find("el jad")) == ["el-jadida"] == keys(find("jad"))
    assert keys(find("lar")) == ["larache"] and find("la") == ()  # "the" in Spanish, "no" in Darija
    assert keys(find("in")) == ["inezgane-ait-melloul"]
    assert find("t") == () == find("ط")


def test_several_places_give_several_provinces() -> None:
    assert keys(find("casablanca ou rabat")) == ["casablanca", "rabat"]
    assert keys(find("Ajdir")) == ["al-hoceima", "taza"]
    assert keys(find("Youssoufia")) == ["youssoufia"]  # a quarter of Rabat has the name, a province comes first


def test_a_regions_name_gives_its_provinces() -> None:
    for region in REGIONS.values():
        for written in filter(None, (region.fr, region.ar, region.zgh, region.es, region.en, *region.spellings)):
            assert find(written) == of_region(region.key), written
    assert find("région Fès-Meknès") == of_region("3") == find("جهة فاس مكناس")
    assert keys(find("Dakhla")) == ["oued-ed-dahab"]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "  ",
        "لا أعرف",
        "je ne veux pas dire",
        "I'd rather not say",
        "prefiero no decirlo",
        "خارج المغرب",
        *NO_PLACE.split(),
    ],
)
def test_what_names_no_place_finds_none(said: str) -> None:
    assert find(said) == ()


@pytest.mark.parametrize("key", POINTS)
def test_a_point_gives_its_province(key: str) -> None:
    assert [at(*point) for point in POINTS[key]] == [PROVINCES[key]] * len(POINTS[key])


@pytest.mark.parametrize("place", NOWHERE)
def test_a_point_elsewhere_gives_none(place: str) -> None:
    assert at(*NOWHERE[place]) is None


def test_every_town_with_a_position_lies_in_its_province() -> None:
    text = files("conversations").joinpath("places.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    placed = [row for row in rows if row["latitude"]]
    assert {row["province"] for row in placed} == {*PROVINCES, ""}
    for row in placed:
        assert at(float(row["latitude"]), float(row["longitude"])) is PROVINCES.get(row["province"]), row["fr"]


def test_names_fall_back_to_a_language_that_is_read() -> None:
    assert name(PROVINCES["safi"], "zgh") == "ⴰⵙⴼⵉ" and name(PROVINCES["larache"], "zgh") == "العرائش"
    assert [name(PROVINCES["fes"], locale) for locale in ("ar", "fr", "en", "es", "")] == ["فاس", *["Fès"] * 4]
    assert name(REGIONS["7"], "en") == "Marrakesh-Safi" and name(REGIONS["3"], "es") == "Fez-Mequinez"
    assert all(name(row, locale) for row in ROWS for locale in ("zgh", "ar", "fr"))


@given(st.text() | st.text("fblal فبال0379 -'casn", max_size=40) | st.text().map(lambda said: said * 200))
def test_any_text_finds_provinces_or_none(said: str) -> None:
    found = find(said)
    assert found == find(said) and len(set(found)) == len(found) and set(found) <= set(PROVINCES.values())


@given(st.floats(), st.floats())
def test_any_two_numbers_give_a_province_or_none(latitude: float, longitude: float) -> None:
    assert at(latitude, longitude) in {None, *PROVINCES.values()}


@given(st.floats(20, 36), st.floats(-17.5, -1))
def test_any_point_nearby_gives_a_province_or_none(latitude: float, longitude: float) -> None:
    assert at(latitude, longitude) in {None, *PROVINCES.values()}
