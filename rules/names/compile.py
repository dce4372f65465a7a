#!/usr/bin/env python3
"""Compiles lists of names and places into gazetteer.txt: `compile.py FOLDER > gazetteer.txt`.

FOLDER holds us_surnames_1990.tsv, us_given_{female,male}_1990.tsv (name, percent), world_forenames.tsv,
world_surnames.tsv (..., localized, romanized) and cities.tsv (name, country, population). Sources: NOTICE.
"""

import collections
import pathlib
import sys
import textwrap
import unicodedata

FREQUENT_GIVEN = 0.02  # percent of the population of that sex
FREQUENT_SURNAME = 0.004
WORTH_KEEPING = 0.005  # for a name that is a common word as well
CITY = 60_000  # inhabitants
LONG_CITY = 150_000  # for the parts of a name of several words
LETTERS = str.maketrans({"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "ð": "d", "þ": "th"})


def fold(name):
    """Lower case, without marks: as the engine reads it."""
    kept = (c for c in unicodedata.normalize("NFKD", name.translate(LETTERS)) if not unicodedata.combining(c))
    return "".join(kept).lower().replace("’", "'").replace("ß", "ss").replace("æ", "ae")


def rows(path):
    with open(path, encoding="utf-8") as file:
        next(file)
        return [line.rstrip("\n").split("\t") for line in file]


def is_word(text):
    return len(text) > 1 and text.replace("'", "a").isalpha()


def words(path):
    """The common words, so that rare names among them are left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {word for line in lines if line[:1] not in ("#", "[") for word in line.split()}


def names(folder, files):
    share = collections.Counter()
    for file in files:
        for name, percent in rows(folder / file):
            share[fold(name)] += float(percent)
    return share


def main(folder):
    common = words(pathlib.Path(__file__).parent / "words.txt")
    given = names(folder, ["us_given_female_1990.tsv", "us_given_male_1990.tsv"])
    surname = names(folder, ["us_surnames_1990.tsv"])
    for row in rows(folder / "world_forenames.tsv"):
        for part in fold(row[3]).replace("-", " ").split():
            given[part] += FREQUENT_GIVEN if part not in given else 0
    for row in rows(folder / "world_surnames.tsv"):
        for part in fold(row[2]).replace("-", " ").split():
            surname[part] += FREQUENT_SURNAME if part not in surname else 0
    cities, parts = set(), set()
    for name, _, population in rows(folder / "cities.tsv"):
        pieces = fold(name).replace("-", " ").split()
        if len(pieces) == 1 and int(population) >= CITY:
            cities.update(pieces)
        elif int(population) >= LONG_CITY:
            parts.update(piece for piece in pieces if len(piece) > 3 and piece not in common)
    earns = lambda share: lambda w: is_word(w) and (w not in common or share[w] >= WORTH_KEEPING)
    sections = {
        "given.frequent": [w for w in filter(earns(given), given) if given[w] >= FREQUENT_GIVEN],
        "given": [w for w in filter(earns(given), given) if given[w] < FREQUENT_GIVEN],
        "surname.frequent": [w for w in filter(earns(surname), surname) if surname[w] >= FREQUENT_SURNAME],
        "surname": [w for w in filter(earns(surname), surname) if surname[w] < FREQUENT_SURNAME],
        "city": filter(is_word, cities),
        "city.part": filter(is_word, parts - cities),
    }
    print("# Compiled by compile.py; see NOTICE for whose facts these are. Do not edit.")
    for section, members in sections.items():
        print(f"\n[{section}]")
        print(textwrap.fill(" ".join(sorted(members)), 120, break_long_words=False, break_on_hyphens=False))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
