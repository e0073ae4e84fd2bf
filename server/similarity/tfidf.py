"""Character TF-IDF: for owners who want no model. It knows words that look alike, and nothing of meaning.

The n-grams within words are weighed, and the many columns are drawn together into a few by a truncated singular
value decomposition, so that vectors are dense and short like those of a sentence model.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

with warnings.catch_warnings():
    # joblib warns where a container lacks what locks between processes need; nothing here uses these.
    warnings.filterwarnings("ignore", "(?s).*joblib will operate in serial mode", UserWarning)
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

from ..errors import UnreadableError
from ..records.progress import Progress, no_progress
from .embedding import Vectors

_NGRAMS: Final = (3, 5)
_MOST_COLUMNS: Final = 30_000
_DIMENSIONS: Final = 384
_CHUNK: Final = 2_000
_FITTED: Final = 10_000
"""Of more texts, so many are fitted, at even distances: n-grams and components hardly change with those between."""
_TERMS = "tfidf-terms.json"
_WEIGHTS = "tfidf-weights.npz"


class Tfidf:
    """Character TF-IDF, fitted to the texts of one release."""

    name = "character TF-IDF"
    version = "1"
    threshold = 0.35
    is_fitted = True

    def __init__(self) -> None:
        self.dimensions = _DIMENSIONS
        self._vectorizer = _vectorizer()
        self._components = np.zeros((0, 0), np.float32)

    def fit(self, texts: Sequence[str]) -> None:
        """Learn which n-grams there are, how rare each is, and which go together."""
        if len(texts) > _FITTED:
            texts = [texts[nth * len(texts) // _FITTED] for nth in range(_FITTED)]
        # In a small base every n-gram counts; in a large one those that occur once say nothing about similarity.
        self._vectorizer = _vectorizer(min_df=2 if len(texts) > 1_000 else 1)
        try:
            matrix = self._vectorizer.fit_transform(texts)
        except ValueError:  # what scikit-learn says when there is not one n-gram in all the texts
            self._vectorizer = _vectorizer(vocabulary={})
            self._components = np.zeros((1, 0), np.float32)
        else:
            count, columns = matrix.shape
            if columns <= _DIMENSIONS:
                self._components = np.eye(columns, dtype=np.float32)
            else:
                svd = TruncatedSVD(min(_DIMENSIONS, count), random_state=0).fit(matrix)
                self._components = svd.components_.astype(np.float32)
        self.dimensions = len(self._components)

    def vectors(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Return one unit vector for each text; zeros for one that shares no n-gram with those that were fitted."""
        result = np.zeros((len(texts), self.dimensions), np.float32)
        if self._components.shape[1] == 0:
            return result
        for start in range(0, len(texts), _CHUNK):
            chunk = self._vectorizer.transform(texts[start : start + _CHUNK])
            projected = np.asarray(chunk @ self._components.T, np.float32)
            lengths = np.linalg.norm(projected, axis=1, keepdims=True)
            result[start : start + _CHUNK] = projected / np.where(lengths > 0, lengths, 1)
            progress("embed", min(start + _CHUNK, len(texts)), len(texts))
        return result

    def save(self, folder: Path) -> None:
        """Write n-grams, weights and components."""
        columns = self._vectorizer.vocabulary_ if self._components.shape[1] else {}
        terms = sorted(columns, key=columns.__getitem__)
        (folder / _TERMS).write_text(json.dumps(terms, ensure_ascii=False) + "\n", encoding="utf-8")
        idf = self._vectorizer.idf_ if terms else np.zeros(0)
        np.savez(folder / _WEIGHTS, idf=idf, components=self._components.astype(np.float16))

    def load(self, folder: Path) -> None:
        """Read them."""
        try:
            terms = json.loads((folder / _TERMS).read_text(encoding="utf-8"))
            with np.load(folder / _WEIGHTS) as weights:
                idf, components = weights["idf"], weights["components"].astype(np.float32)
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise UnreadableError(f"{folder} is damaged: {error}", "run `akb build --force`.") from error
        self._vectorizer = _vectorizer(vocabulary={term: column for column, term in enumerate(terms)})
        if terms:
            self._vectorizer.idf_ = idf
        self._components = components
        self.dimensions = len(components)


def _vectorizer(min_df: int = 1, vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=_NGRAMS,
        max_features=_MOST_COLUMNS,
        min_df=min_df,
        sublinear_tf=True,
        vocabulary=vocabulary,
        dtype=np.float32,
    )


def create() -> Tfidf:
    """Return an embedding that is not fitted yet."""
    return Tfidf()
