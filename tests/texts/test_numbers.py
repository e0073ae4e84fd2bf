"""Numbers are the same in digits and words, as shares and per cent, with and without separators of thousands."""

from __future__ import annotations

import doctest

import pytest

from server.texts import inline, locators, macros, numbers, sentences, tokens
from server.texts.numbers import lacking


@pytest.mark.parametrize("module", [inline, locators, macros, numbers, sentences, tokens])
def test_the_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("said", "passage"),
    [
        ("14% of models", "fourteen percent of the models"),
        ("14% of models", "a share of 0.14"),
        ("14% of models", "14.2 per cent"),
        ("14% of models", "the column in %: 14"),
        ("Three of 25 models", "3 of twenty-five models"),
        ("12,500 prompts", "12 500 prompts".replace(" ", "\u202f")),
        ("1.5 million prompts", "1,500,000 prompts"),
        ("ten times as many", "a tenfold rise"),
        ("In December 2024 GPT-4 and Claude 3 Opus did so", "they did so"),
        ("One of them, in both cases, twice", "they did so"),
        ("see Table 7 there", "they did so"),
    ],
)
def test_numbers_that_agree(said: str, passage: str) -> None:
    assert lacking(said, [passage]) == []


@pytest.mark.parametrize(
    ("said", "passage", "number"),
    [
        ("14% of models", "41% of models", "14%"),
        ("14% of models", "1.4% of models", "14%"),
        ("14 models", "14% of models", "14"),
        ("In 3 of the runs", "in 2.7 hours", "3"),
        ("four of five", "three of five", "four"),
        ("1,250 prompts", "125 prompts", "1,250"),
        ("12.5% of them", "12% of them", "12.5%"),
    ],
)
def test_numbers_that_do_not(said: str, passage: str, number: str) -> None:
    assert [one.shown for one in lacking(said, [passage])] == [number]
