"""Drives JupyterLab with the kernel in a headless Chromium, as a person would, and keeps a screenshot.

    jupyterlab.py MODEL TEXT SCREENSHOT

Opens a notebook, runs its cells, looks for the heatmap, interrupts a cell that trains, and goes on with
the state that is left. The kernel is the one that JUPYTER_DATA_DIR has.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

TOKEN = "pare-test"
PORT = 18888


def notebook(model, text):
    """Cells of a short session."""
    code = [
        f"model = load({json.dumps(model)})\n"
        f"data = tokens({json.dumps(text)}, model, length=128, samples=16)\nmodel",
        "scores = importance(model, data)\n"
        "heatmap(scores.heads, title=\"Importance of attention heads\", xlabel=\"head\", "
        "ylabel=\"layer\")",
        "student = prune(model, scores, ffn=0.75)\ncompare(model, student, tokens=data)",
        "run = distill(student, model, data, steps=500, batch=2)",
        "print(f\"{len(_.loss)} steps were made before the interrupt\")",
    ]
    cells = [{"cell_type": "markdown", "id": "title", "metadata": {},
              "source": "# Scoring and pruning SmolLM2-135M"}]
    cells += [{"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": source,
               "outputs": [], "execution_count": None} for n, source in enumerate(code)]
    return {"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {
        "kernelspec": {"name": "pare", "display_name": "Pare", "language": "pare"}}}


def quiet_settings(folder):
    """A folder of settings in which JupyterLab does not ask whether it may show news."""
    place = pathlib.Path(folder, "settings", "@jupyterlab", "apputils-extension")
    place.mkdir(parents=True)
    place.joinpath("notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    return str(place.parent.parent)


class Lab:
    """JupyterLab and a browser that has it open."""

    def __init__(self, folder):
        self.server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={PORT}", "--allow-root",
             f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}",
             "--expose-app-in-browser"],
            env={**os.environ, "JUPYTERLAB_SETTINGS_DIR": quiet_settings(folder)},
            stdout=subprocess.DEVNULL, stderr=open(folder + "/server.log", "w"))
        options = webdriver.ChromeOptions()
        for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage",
                       "--window-size=1400,1270", "--force-device-scale-factor=1"):
            options.add_argument(option)
        options.binary_location = "/usr/bin/chromium"
        service = webdriver.ChromeService("/usr/bin/chromedriver")
        self.browser = webdriver.Chrome(options=options, service=service)
        self.browser.set_script_timeout(30)

    def close(self):
        self.browser.quit()
        self.server.terminate()
        self.server.wait(timeout=20)

    def open(self, name):
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api?token={TOKEN}", timeout=1)
                break
            except OSError:
                time.sleep(0.5)
        self.browser.get(
            f"http://127.0.0.1:{PORT}/lab/tree/{name}?token={TOKEN}&reset")
        self.wait("the notebook", lambda: self.find(".jp-Notebook .jp-CodeCell"))
        self.wait("the kernel", lambda: self.script(
            "const s = window.jupyterapp.shell.currentWidget?.sessionContext;"
            "return s?.session?.kernel?.status === 'idle' && s.kernelDisplayName === 'Pare'"))

    def find(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def script(self, text):
        return self.browser.execute_script(text)

    def command(self, name):
        self.script(f"window.jupyterapp.commands.execute({json.dumps(name)})")

    def wait(self, what, condition, seconds=120):
        WebDriverWait(self.browser, seconds, poll_frequency=0.2).until(
            lambda _: condition(), f"waited {seconds} s for {what}")

    def prompts(self):
        return [element.text for element in self.find(".jp-CodeCell .jp-InputPrompt")]

    def outputs(self):
        return [element.text for element in self.find(".jp-CodeCell .jp-OutputArea")]


def main():
    model, text, screenshot = sys.argv[1:]
    home = os.path.expanduser("~")
    model, text = (path.replace(home, "~", 1) for path in (model, text))
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "pruning.ipynb"
        path.write_text(json.dumps(notebook(model, text)))
        lab = Lab(folder)
        try:
            lab.open(path.name)
            lab.command("application:toggle-left-area")
            lab.command("notebook:run-all-cells")
            lab.wait("the heatmap", lambda: lab.find(".jp-OutputArea img"))
            lab.wait("the table", lambda: lab.find(".jp-OutputArea table"))
            lab.wait("the progress of the training",
                     lambda: any("distill" in text and "/500" in text for text in lab.outputs()))
            time.sleep(3)
            started = time.monotonic()
            lab.command("notebook:interrupt-kernel")
            lab.wait("the interrupt", lambda: any("interrupted" in t for t in lab.outputs()), 10)
            stopped = time.monotonic() - started
            # The cell behind it was aborted: it is run now, with the state that was kept.
            lab.wait("an idle kernel", lambda: lab.prompts()[-1] in ("[ ]:", "[5]:"), 10)
            lab.script("const n = window.jupyterapp.shell.currentWidget.content;"
                       "n.activeCellIndex = n.widgets.length - 1;")
            lab.command("notebook:run-cell")
            lab.wait("the state", lambda: any("steps were made before the interrupt" in t
                                              for t in lab.outputs()), 20)
            assert lab.prompts() == [f"[{n}]:" for n in (1, 2, 3, 4, 5)], lab.prompts()
            lab.script("document.querySelector('.jp-Cell').scrollIntoView()")
            time.sleep(1)
            lab.browser.save_screenshot(screenshot)
            print(f"stopped in {stopped:.1f} s; {lab.outputs()[-1]}")
        except Exception:
            lab.browser.save_screenshot(screenshot + ".failed.png")
            print(pathlib.Path(folder, "server.log").read_text(), file=sys.stderr)
            raise
        finally:
            lab.close()


if __name__ == "__main__":
    main()
