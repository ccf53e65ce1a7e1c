#!/usr/bin/env python3
"""Makes small byte-level tokenizers and the ids that Hugging Face's `tokenizers` gives with them.

    python3 Tests/Fixtures/tokenizers.py [--out DIR] [--texts N] [--seed N]

Needs `tokenizers`. Each `<name>.json` is a tokenizer.json; `<name>.vectors.json` holds, for the texts
of `texts.json`, the ids without special tokens, with them where they differ, and random ids with the
text they decode to. The test TokenizerVectorTests reads every pair in the folder.
"""

import argparse
import json
import pathlib
import random
import sys

# The script bears the library's name: its own folder must not be searched for it.
HERE = pathlib.Path(__file__).resolve().parent
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != HERE]

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers  # noqa: E402
from tokenizers import pre_tokenizers, processors, trainers  # noqa: E402

LLAMA = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEKKEN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

SPACES = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u180e\u2000\u2003\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
DIGITS = "0123456789½Ⅷ٣²৪๓〇五①𝟗\U00010d44\U0001e4f3"
LETTERS = "aéßñøЖщΩλאبकกあカ漢字한글ᏣႠⴀ\U00010480\U00020000\U00031350\U0001e030\u0295ªʰ\u01c5İıſK"
MARKS = "\u0300\u0301\u0327\u05b0\u064b\u093f\u0e31\u20dd\u3099\u200d\u200c\ufe0f"
SYMBOLS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~§«»…—“”‘’€°©√∞→■★♥"
EMOJI = ["😀", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇫🇷", "❤️", "🫠", "\U0001fae8", "7️⃣"]
WORDS = (
    "the of and to in a is that for it was on with as be by he at from his this had not are but which "
    "have or her one you were their all she there would been will when who him more no if out so said "
    "what up its about into than them can only other new some could time these two may then do first "
    "any my now such like our over man me even most made after also did many before must through "
    "Straße naïve café Москва Ελλάδα שלום مرحبا नमस्ते ภาษาไทย 東京 中文 한국어 HTTPServer camelCase"
).split()
CONTRACTIONS = ["it's", "we're", "I'd", "they'll", "I've", "can't", "I'm", "IT'S", "WE'RE", "x'ſ", "'tis", "’s"]
ADDED = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
FLAGGED = ["<lstrip>", "<rstrip>", "<both>", "word", "<norm>", "caf\u00e9", "cafe\u0301s", "  ", "ab", "abc", "b"]


def random_piece(rng):
    kind = rng.randrange(14)
    n = rng.choice([1, 1, 1, 2, 3, 6])
    if kind < 3:
        return " ".join(rng.choice(WORDS) for _ in range(n))
    if kind == 3:
        return rng.choice(CONTRACTIONS)
    if kind == 4:
        return "".join(rng.choice(DIGITS) for _ in range(n))
    if kind == 5:
        return str(rng.randrange(10**n))
    if kind == 6:
        return "".join(rng.choice(LETTERS) for _ in range(n))
    if kind == 7:
        return rng.choice(LETTERS) + "".join(rng.choice(MARKS) for _ in range(min(n, 3)))
    if kind == 8:
        return "".join(rng.choice(SYMBOLS) for _ in range(n))
    if kind == 9:
        return rng.choice(EMOJI)
    if kind == 10:
        return "".join(rng.choice(SPACES) for _ in range(n))
    if kind == 11:
        return rng.choice(ADDED + FLAGGED)
    if kind == 12:
        return rng.choice([" ", "\n", "x"]) * rng.randrange(1, 12)
    while True:
        c = rng.randrange(0x30000)
        if not 0xD800 <= c < 0xE000:
            return chr(c)


def random_text(rng):
    pieces = []
    for _ in range(rng.randrange(1, 9)):
        pieces.append(random_piece(rng))
        pieces.append(rng.choice(["", "", " ", " ", "  ", "\n"]))
    return "".join(pieces)


def fixed_texts():
    return [
        "", " ", "a", "a  12", "Hello, world!", "  two  spaces   three\n\n\n", "tail   ", "\n \n",
        "1234567", "½Ⅷ٣ 3½", "don't DON'T 'ſ x'S", "\r\n\r\n x\r\n", "a\u0301 e\u0301 \u1e9b\u0323",
        "<|im_start|>user\nhi<|im_end|>\n", "a <|im_end|> b", "<|im_end|><|im_end|>", "<|im_end|", "<|<|im_end|>|>",
        "x   <lstrip>   y", "x   <rstrip>   y", "x   <both>   y", "<both>   <both>", "word words sword word", "word",
        "abcab abc", "a" * 100, "ab" * 100, " " * 90, "x" + " " * 70 + "y", "the" * 40, "\u0000\u0001\u007f",
        "\u3000\u3000\u2003 a", "\u180e\u200b\u180e", "e\u0301cafe\u0301 cafés cafe\u0301s", "\ufffd\ufffe", "\u0f73\u0f73 \u0f71\u0f81\u0f75",
    ]  # fmt: skip


def base(pre, normalizer=None, corpus=None, vocab=420, alphabet=True, **options):
    tokenizer = Tokenizer(models.BPE(**options))
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(
        vocab_size=vocab,
        special_tokens=ADDED[:1] + ([options["unk_token"]] if "unk_token" in options else []),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if alphabet else [],
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus, trainer)
    tokenizer.add_special_tokens(ADDED)
    return tokenizer


def template(tokenizer, single):
    names = [n for n in ADDED if n in single]
    return processors.TemplateProcessing(
        single=single, special_tokens=[(n, tokenizer.token_to_id(n)) for n in names]
    )


def sequence(*steps):
    return pre_tokenizers.Sequence(list(steps))


def split(pattern, behavior, invert=False):
    return pre_tokenizers.Split(pattern, behavior, invert)


def tokenizers(corpus):
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    gpt2 = pre_tokenizers.ByteLevel(add_prefix_space=False)
    isolated = lambda pattern: split(Regex(pattern), "isolated")

    yield "smollm", base(sequence(pre_tokenizers.Digits(individual_digits=True), gpt2), corpus=corpus)

    made = base(gpt2, corpus=corpus)
    made.post_processor = processors.ByteLevel(trim_offsets=False)
    yield "gpt2", made

    made = base(sequence(isolated(LLAMA % r"\p{N}{1,3}"), byte_level), corpus=corpus, ignore_merges=True)
    made.post_processor = processors.Sequence(
        [processors.ByteLevel(trim_offsets=False), template(made, "<|endoftext|> $A <|im_end|>")]
    )
    yield "llama3", made

    nfc = normalizers.NFC()
    yield "qwen2", base(sequence(isolated(LLAMA % r"\p{N}"), byte_level), normalizer=nfc, corpus=corpus)
    yield "tekken", base(sequence(isolated(TEKKEN), byte_level), corpus=corpus, ignore_merges=True)

    made = base(pre_tokenizers.ByteLevel(add_prefix_space=True), normalizer=nfc, corpus=corpus)
    made.add_tokens(
        [
            AddedToken("<lstrip>", lstrip=True, normalized=False),
            AddedToken("<rstrip>", rstrip=True, normalized=False),
            AddedToken("<both>", lstrip=True, rstrip=True, normalized=False),
            AddedToken("word", single_word=True, normalized=False),
            AddedToken("<norm>", normalized=True),
            AddedToken("caf\u00e9", normalized=True),
            AddedToken("cafe\u0301s", normalized=True),
            AddedToken("  ", normalized=False),
            AddedToken("ab", normalized=True, single_word=True),
            AddedToken("abc", normalized=True),
            AddedToken("b", normalized=True, rstrip=True),
        ]
    )
    yield "added", made

    for behavior in ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]:
        steps = sequence(
            split(Regex(r"\s|\d*"), behavior, invert=behavior == "removed"),
            split("th", behavior),
            split(Regex(r"(?<=[^\S\n])\p{Lu}|\W|^e|o$"), behavior),
            pre_tokenizers.Digits(individual_digits=False),
            byte_level,
        )
        made = base(steps, corpus=corpus, vocab=300)
        yield behavior, made

    some = [t for t in corpus if t.isascii()]
    for fuse in [False, True]:
        made = base(gpt2, corpus=some, vocab=150, alphabet=False, unk_token="<unk>", fuse_unk=fuse)
        yield "unknown" + ("-fused" if fuse else ""), made
    model = json.loads(made.to_str())
    model["model"]["unk_token"] = None
    yield "unknown-dropped", Tokenizer.from_str(json.dumps(model))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=str(HERE / "Tokenizers"))
    parser.add_argument("--texts", type=int, default=75)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)
    corpus = [random_text(rng) for _ in range(4000)]
    texts = fixed_texts() + [random_text(rng) for _ in range(options.texts)]

    def write(name, value):
        text = json.dumps(value, separators=(",", ":"))
        (out / name).write_text(text + "\n")

    write("texts.json", texts)
    for name, tokenizer in tokenizers(corpus):
        write(f"{name}.json", json.loads(tokenizer.to_str()))
        size = tokenizer.get_vocab_size()
        plain = [tokenizer.encode(t, add_special_tokens=False).ids for t in texts]
        special = [tokenizer.encode(t).ids for t in texts]
        lists = [[rng.randrange(size) for _ in range(rng.randrange(1, 12))] for _ in range(40)]
        write(
            f"{name}.vectors.json",
            {
                "plain": plain,
                "special": [None if a == b else a for a, b in zip(special, plain)],
                "decoded": [None if d == t else d for d, t in (
                    (tokenizer.decode(i, skip_special_tokens=False), t) for i, t in zip(plain, texts))],
                "ids": lists,
                "texts": [tokenizer.decode(i, skip_special_tokens=False) for i in lists],
            },
        )


if __name__ == "__main__":
    main()
