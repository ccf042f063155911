"""The page of `ark ledger report --html` in a real browser. Without one, it is skipped by name."""
import html.parser
import os
import pathlib
import re
import shutil
import struct
import subprocess
import unittest
import zlib

from harness import Case, main

MODEL = "openai/gpt-4o-mini"
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_browser():
    """ARK_BROWSER, or a Chromium of this machine."""
    named = os.environ.get("ARK_BROWSER")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


class Tags(html.parser.HTMLParser):
    """How often each element is there, and the text of the page."""

    def __init__(self):
        super().__init__()
        self.count = {}
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1

    def handle_data(self, data):
        self.text += data


def unfilter(kind, line, above, size):
    """A row of a PNG without its filter."""
    for i, value in enumerate(line):
        left = line[i - size] if i >= size else 0
        up = above[i]
        corner = above[i - size] if i >= size else 0
        if kind == 1:
            add = left
        elif kind == 2:
            add = up
        elif kind == 3:
            add = (left + up) // 2
        elif kind == 4:
            near = left + up - corner
            add = min((left, up, corner), key=lambda one: abs(near - one))
        else:
            add = 0
        line[i] = (value + add) & 255
    return line


def pixels(png):
    """{colour: how many} of an 8 bit PNG with or without transparency."""
    at, data, header = 8, b"", None
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        header = struct.unpack(">IIBB", body[:10]) if kind == b"IHDR" else header
        data += body if kind == b"IDAT" else b""
        at += 12 + size
    width, height, depth, colour = header
    assert depth == 8 and colour in (2, 6), header
    per = 3 if colour == 2 else 4
    raw, above, counts = zlib.decompress(data), bytearray(width * per), {}
    for y in range(height):
        start = y * (width * per + 1)
        above = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + width * per]), above, per)
        for x in range(0, width * per, per):
            one = bytes(above[x:x + 3])
            counts[one] = counts.get(one, 0) + 1
    return counts


class PageCase(Case):
    """A ledger with a hostile tag, and its page."""

    def setUp(self):
        super().setUp()
        self.sim()
        for tag in (HOSTILE, "search"):
            self.ok(self.home.run("chat", "-m", MODEL, "--tag", "team=" + tag, "hello"))
        self.page = self.home.file("costs.html")
        self.ok(self.home.run("ledger", "report", "--by", "tag:team", "--html", self.page))


class Page(PageCase):
    def test_is_one_page_without_scripts_and_without_anything_from_elsewhere(self):
        text = self.home.read("costs.html")
        seen = Tags()
        seen.feed(text)
        for tag in ("script", "img", "link", "iframe", "object", "base", "form"):
            self.assertNotIn(tag, seen.count)
        self.assertGreaterEqual(seen.count["svg"], 4)
        self.assertIn(HOSTILE, seen.text)
        self.assertIsNone(re.search(r"https?://|url\(", text.replace(HOSTILE, "")))
        if "ARK_KEEP_PAGE" in os.environ:  # to look at it
            shutil.copy(self.page, os.environ["ARK_KEEP_PAGE"])


class Browser(PageCase):
    BROWSER = find_browser()

    def setUp(self):
        if not self.BROWSER:
            self.skipTest("skipped: no chromium")
        super().setUp()

    def browse(self, *arguments):
        return subprocess.run(
            [self.BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--user-data-dir=" + self.home.file("browser"), *arguments,
             pathlib.Path(self.page).as_uri()],
            capture_output=True, timeout=120, cwd=self.home.path, check=True,
            env={**os.environ, "HOME": self.home.path})

    def test_the_browser_builds_it_and_runs_nothing(self):
        dom = self.browse("--dump-dom").stdout.decode()
        seen = Tags()
        seen.feed(dom)
        self.assertIn("<title>Usage and cost</title>", dom)
        self.assertIn(HOSTILE, seen.text)
        self.assertNotIn("script", seen.count)
        self.assertEqual(seen.count["h2"], 4)

    def test_the_browser_paints_text_and_bars(self):
        shot = self.home.file("page.png")
        self.browse("--screenshot=" + shot, "--window-size=1000,1400")
        colours = pixels(pathlib.Path(shot).read_bytes())
        bar = bytes.fromhex("2f6fb2")
        self.assertGreater(colours.get(bar, 0), 5000, "bars of the light page")
        self.assertGreater(colours.get(bytes(3 * [255]), 0), sum(colours.values()) // 2)
        self.assertGreater(len(colours), 20, "text is painted")
        if "ARK_KEEP_SHOT" in os.environ:
            shutil.copy(shot, os.environ["ARK_KEEP_SHOT"])


if __name__ == "__main__":
    main()
