"""Takes the pictures of the documentation anew: `make screenshots`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
PICTURES = {
    "claim": "/claim/rl-raises-strategic-reasoning",
    "map": "/#map",
    "review": "/candidate/044cd308d1",
    "sparql": "/sparql",
}
SIZE = {"width": 1100, "height": 900}


def main() -> int:
    """Serve this base, take every picture, and stop."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("Chromium is not installed (Debian: apt install chromium).", file=sys.stderr)
        return 3
    command = [sys.executable, "-m", "server.cli.main", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+?(?=/ )", server.stdout.readline())
        if found is None:
            print("The server did not start.", file=sys.stderr)
            return 4
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            for name, path in PICTURES.items():
                page = browser.new_page(viewport=SIZE, color_scheme="light")
                page.goto(found[0] + path, wait_until="networkidle")  # the map is loaded when it comes into view
                page.screenshot(path=IMAGES / f"{name}.png")
                print(f"docs/images/{name}.png")
            browser.close()
        server.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
