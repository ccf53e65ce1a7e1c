"""What jupyter_kernel_test leaves out: interrupts, restarts, damaged messages, input, long outputs.

The kernel is the one that JUPYTER_DATA_DIR has. PARE_FIXTURES names the folder of small models.
"""

import hashlib
import hmac
import json
import os
import pathlib
import statistics
import tempfile
import time
import unittest
from queue import Empty

import jupyter_client
import zmq

LONG_WORK = "i = 0\nwhile True: i = i + 1"


def restless(model):
    """A cell that trains for longer than anybody waits."""
    return (f"teacher = load({json.dumps(model)})\nstudent = prune(teacher, drop=[1])\n"
            "ids = [[(7 * i + 3 * j) % 90 for i in range(32)] for j in range(8)]\n"
            "run = distill(student, teacher, tokens(ids), steps=100000, batch=4)")


class KernelCase(unittest.TestCase):
    """A kernel of its own for each test."""

    def setUp(self):
        self.manager = jupyter_client.KernelManager(kernel_name="pare")
        self.manager.start_kernel()
        self.addCleanup(self.end)
        self.client = self.connect()

    def end(self):
        self.client.stop_channels()
        if self.manager.is_alive():
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def connect(self):
        client = self.manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        return client

    def reply_to(self, id, timeout=30):
        while True:
            message = self.client.get_shell_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") == id:
                return message["content"]

    def outputs_of(self, id, timeout=30):
        """The messages of a request up to the state idle."""
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") != id:
                continue
            messages.append(message)
            if message["content"].get("execution_state") == "idle":
                return messages

    def run_cell(self, code, **options):
        id = self.client.execute(code, **options)
        outputs = self.outputs_of(id)
        return self.reply_to(id), outputs

    def value(self, code):
        """The text of a cell's value."""
        reply, outputs = self.run_cell(code)
        self.assertEqual(reply["status"], "ok", reply)
        return next(m["content"]["data"]["text/plain"]
                    for m in outputs if m["msg_type"] == "execute_result")

    def wait_until_busy(self, id):
        while True:
            message = self.client.get_iopub_msg(timeout=30)
            if message["parent_header"].get("msg_id") == id and \
                    message["msg_type"] == "execute_input":
                return


class Interrupts(KernelCase):
    def interrupted(self, code):
        """The seconds from the interrupt of a running cell to its reply."""
        id = self.client.execute(code)
        self.wait_until_busy(id)
        time.sleep(0.3)
        start = time.monotonic()
        self.manager.interrupt_kernel()
        reply = self.reply_to(id)
        self.assertEqual((reply["status"], reply["ename"]), ("error", "Interrupted"))
        return time.monotonic() - start

    def test_a_loop_stops_and_its_state_stays(self):
        self.assertLess(self.interrupted(LONG_WORK), 1)
        self.assertGreater(int(self.value("i")), 0)

    def test_training_stops_and_its_state_stays(self):
        seconds = self.interrupted(restless(os.environ["PARE_FIXTURES"] + "/models/llama-tied"))
        self.assertLess(seconds, 1)
        self.assertGreater(int(self.value("len(_.loss)")), 0)

    def test_cells_that_wait_are_aborted(self):
        first = self.client.execute(LONG_WORK)
        self.wait_until_busy(first)
        waiting = [self.client.execute(f"x{n} = {n}") for n in range(3)]
        time.sleep(0.3)
        self.manager.interrupt_kernel()
        self.assertEqual(self.reply_to(first)["status"], "error")
        for id in waiting:
            self.assertEqual(self.reply_to(id)["status"], "aborted")
        self.assertEqual(self.value("1 + 1"), "2")

    def test_an_interrupt_is_for_what_was_sent_before_it(self):
        for _ in range(20):
            first, second = self.client.execute(LONG_WORK), self.client.execute("2")
            # The two sockets keep no order between them.
            time.sleep(0.05)
            self.manager.interrupt_kernel()
            # Taken or still waiting, neither of them runs on.
            self.assertIn(self.reply_to(first)["status"], ("error", "aborted"))
            self.assertEqual(self.reply_to(second)["status"], "aborted")
        self.assertEqual(self.value("3"), "3")

    def test_an_idle_kernel_is_not_interrupted(self):
        self.manager.interrupt_kernel()
        time.sleep(0.2)
        self.assertEqual(self.value("sum(range(1000))"), "499500")


class Cells(KernelCase):
    def test_cells_behind_an_error_are_aborted_unless_they_are_not_to_be(self):
        ids = [self.client.execute(code) for code in ("n = 0\nwhile n < 10**6: n += 1\n1 / 0", "2")]
        self.assertEqual([self.reply_to(id)["status"] for id in ids], ["error", "aborted"])
        ids = [self.client.execute("n = 0\nwhile n < 10**6: n += 1\n1 / 0", stop_on_error=False),
               self.client.execute("2")]
        self.assertEqual([self.reply_to(id)["status"] for id in ids], ["error", "ok"])

    def test_silent_cells_say_and_count_nothing(self):
        reply, outputs = self.run_cell("print('x')\ny = 5\ny", silent=True)
        self.assertEqual([m["msg_type"] for m in outputs], ["status", "status"])
        count = reply["execution_count"]
        reply, outputs = self.run_cell("y", store_history=False)
        kinds = [m["msg_type"] for m in outputs]
        self.assertIn("execute_result", kinds)
        self.assertIn("execute_input", kinds)
        self.assertEqual(reply["execution_count"], count)
        self.assertEqual(self.run_cell("y")[0]["execution_count"], count + 1)
        self.assertEqual(self.value("In"), "['', 'y', 'In']")

    def test_expressions_of_the_user(self):
        reply, _ = self.run_cell("x = 3", user_expressions={"twice": "2 * x", "bad": "x + y"})
        found = reply["user_expressions"]
        self.assertEqual(found["twice"]["data"]["text/plain"], "6")
        self.assertEqual(found["bad"]["status"], "error")
        self.assertIn("unknown name 'y'", found["bad"]["evalue"])

    def test_figures_have_their_size(self):
        _, outputs = self.run_cell("heatmap(zeros(2, 2))")
        result = next(m["content"] for m in outputs if m["msg_type"] == "execute_result")
        self.assertTrue(result["data"]["image/png"].startswith("iVBOR"))
        self.assertEqual(result["metadata"]["image/png"]["width"], 662)

    def test_figures_are_svg_on_request(self):
        _, outputs = self.run_cell("display(heatmap(zeros(2, 2)), format='svg')")
        data = next(m["content"]["data"] for m in outputs if m["msg_type"] == "display_data")
        self.assertIn("<svg", data["image/svg+xml"])
        self.assertNotIn("image/png", data)
        reply, _ = self.run_cell("display(3, format='svg')")
        self.assertIn("not an int as", reply["evalue"])

    def test_paths_complete_inside_strings(self):
        place = os.environ["PARE_FIXTURES"] + "/models/llama-ti"
        code = f"é = 1; load('{place}"
        self.client.complete(code, len(code))
        reply = self.client.get_shell_msg(timeout=10)["content"]
        self.assertEqual([m.rsplit("/models/")[-1] for m in reply["matches"]],
                         ["llama-tied/", "llama-tied.gguf", "llama-tied.gguf.json"])
        self.assertEqual(code[reply["cursor_start"]:reply["cursor_end"]], place)
        self.client.complete("load(", 5)
        types = self.client.get_shell_msg(timeout=10)["content"]["metadata"]
        self.assertIn({"path=": "argument"},
                      [{t["text"]: t["type"]} for t in types["_jupyter_types_experimental"]])

    def test_completion_is_quick_with_a_model_loaded(self):
        model = os.environ.get("PARE_MODEL") or os.environ["PARE_FIXTURES"] + "/models/llama-tied"
        self.run_cell(f"m = load({json.dumps(model)})")
        seconds = []
        for code in ("m.", "m.weights['model.layers.2", "importance(m, ", "i", "%ti", "m.layers[0].") * 5:
            id = self.client.complete(code, len(code))
            seconds.append(self.outputs_of(id)[-1]["metadata"]["seconds"])
            self.assertTrue(self.reply_to(id)["matches"], code)
        # 20 ms are what is promised; a machine that is busy with other tests has ten times that.
        self.assertLess(statistics.median(seconds), 0.2)
        print(f"completion: median {1e3 * statistics.median(seconds):.2f} ms, "
              f"longest {1e3 * max(seconds):.2f} ms")

    def test_ten_thousand_lines_all_come_in_a_few_messages(self):
        _, outputs = self.run_cell("for i in range(10000): print(i)")
        texts = [m["content"]["text"] for m in outputs if m["msg_type"] == "stream"]
        self.assertEqual("".join(texts), "".join(f"{i}\n" for i in range(10000)))
        self.assertLess(len(texts), 500)

    def test_output_comes_while_the_cell_runs(self):
        id = self.client.execute("print('first')\n" + LONG_WORK)
        while True:
            message = self.client.get_iopub_msg(timeout=10)
            if message["msg_type"] == "stream":
                break
        self.assertEqual(message["content"]["text"], "first\n")
        self.manager.interrupt_kernel()
        self.assertEqual(self.reply_to(id)["status"], "error")

    def test_progress_is_one_display_that_is_updated(self):
        model = os.environ["PARE_FIXTURES"] + "/models/llama-tied"
        code = restless(model).replace("steps=100000", "steps=1500")
        _, outputs = self.run_cell(code)
        shown = [m["content"] for m in outputs if m["msg_type"] == "display_data"]
        updates = [m["content"] for m in outputs if m["msg_type"] == "update_display_data"]
        self.assertEqual(len(shown), 1)
        names = {c["transient"]["display_id"] for c in shown + updates}
        self.assertEqual(len(names), 1)
        self.assertIn("1500/1500", updates[-1]["data"]["text/plain"])

    def test_a_cell_that_asks_for_more_memory_than_there_is(self):
        reply, _ = self.run_cell("big = zeros(10**6, 10**6)")
        self.assertEqual(reply["status"], "error")
        self.assertIn("memory", reply["evalue"])
        self.assertEqual(self.value("1 + 1"), "2")


class Input(KernelCase):
    def test_a_cell_asks_and_is_answered(self):
        id = self.client.execute("name = input('who? ')", allow_stdin=True)
        question = self.client.get_stdin_msg(timeout=30)
        self.assertEqual(question["content"], {"prompt": "who? ", "password": False})
        self.client.input("Ada")
        self.assertEqual(self.reply_to(id)["status"], "ok")
        self.assertEqual(self.value("name"), "'Ada'")

    def test_a_front_end_that_cannot_ask(self):
        reply, _ = self.run_cell("input('?')", allow_stdin=False)
        self.assertIn("needs a front end that can ask", reply["evalue"])

    def test_a_question_can_be_interrupted(self):
        id = self.client.execute("x = 1\ninput('?')", allow_stdin=True)
        self.client.get_stdin_msg(timeout=30)
        self.manager.interrupt_kernel()
        self.assertEqual(self.reply_to(id)["ename"], "Interrupted")
        self.assertEqual(self.value("x"), "1")


class Lives(KernelCase):
    def test_a_restart_forgets(self):
        self.run_cell("x = 1")
        self.client.stop_channels()
        self.manager.restart_kernel()
        self.client = self.connect()
        reply, _ = self.run_cell("x")
        self.assertIn("unknown name 'x'", reply["evalue"])

    def test_shutdown_in_the_middle_of_a_cell(self):
        id = self.client.execute(LONG_WORK)
        self.wait_until_busy(id)
        start = time.monotonic()
        self.manager.shutdown_kernel()
        self.assertFalse(self.manager.is_alive())
        self.assertLess(time.monotonic() - start, 4)

    def test_a_front_end_that_goes_away_in_the_middle_of_a_cell(self):
        id = self.client.execute("n = 0\nwhile n < 3 * 10**6: n += 1\nprint(n)")
        self.wait_until_busy(id)
        self.client.stop_channels()
        self.client = self.connect()
        self.assertEqual(self.value("n"), "3000000")

    def test_paths_start_at_the_notebooks_project(self):
        with tempfile.TemporaryDirectory() as project:
            for folder in ("Plots", "Notebooks"):
                os.mkdir(os.path.join(project, folder))
            self.end()
            self.manager = jupyter_client.KernelManager(kernel_name="pare")
            self.manager.start_kernel(cwd=os.path.join(project, "Notebooks"))
            self.client = self.connect()
            self.assertEqual(self.run_cell("save(ones(2), 'Plots/a.npy')")[0]["status"], "ok")
            self.assertTrue(os.path.exists(os.path.join(project, "Plots", "a.npy")))

    def test_comms_are_refused(self):
        message = self.client.session.msg(
            "comm_open", {"comm_id": "c1", "target_name": "jupyter.widget", "data": {}})
        self.client.shell_channel.send(message)
        closed = [m for m in self.outputs_of(message["header"]["msg_id"])
                  if m["msg_type"] == "comm_close"]
        self.assertEqual(closed[0]["content"]["comm_id"], "c1")
        id = self.client.comm_info()
        self.assertEqual(self.reply_to(id), {"status": "ok", "comms": {}})

    def test_unknown_requests_are_answered(self):
        message = self.client.session.msg("sing_request", {})
        self.client.shell_channel.send(message)
        reply = self.reply_to(message["header"]["msg_id"])
        self.assertEqual((reply["status"], reply["evalue"]),
                         ("error", "sing_request is not supported"))

    def test_unknown_requests_on_control_are_answered(self):
        message = self.client.session.msg("usage_request", {})
        self.client.control_channel.send(message)
        reply = self.client.get_control_msg(timeout=30)
        self.assertEqual(reply["msg_type"], "usage_reply")
        self.assertEqual(reply["content"]["evalue"], "usage_request is not supported")

    def test_help_of_a_large_value_is_short(self):
        self.run_cell("x = list(range(10**6))")
        id = self.client.inspect("x", 1)
        text = self.reply_to(id)["data"]["text/plain"]
        self.assertLess(len(text), 5000)

    def test_completion_behind_carriage_returns(self):
        code = "a = 1\r\nb = 2\r\nimportanc"
        reply = self.reply_to(self.client.complete(code, len(code)))
        self.assertEqual(reply["matches"], ["importance"])
        self.assertEqual((reply["cursor_start"], reply["cursor_end"]), (14, 23))

    def test_ten_thousand_cells(self):
        def resident():
            status = pathlib.Path(f"/proc/{self.manager.provisioner.pid}/status").read_text()
            return int(status.split("VmRSS:")[1].split()[0]) << 10

        seconds = []
        before = None
        for n in range(10_000):
            id = self.client.execute(f"x = {n}")
            seconds.append(self.outputs_of(id)[-1]["metadata"]["seconds"])
            self.reply_to(id)
            if n == 1000:
                before = resident()
        # 2 ms are what is promised.
        self.assertLess(statistics.median(seconds), 0.02)
        self.assertLess(resident() - before, 24 << 20)
        print(f"cells: median {1e3 * statistics.median(seconds):.3f} ms, "
              f"99 % below {1e3 * sorted(seconds)[9900]:.3f} ms, "
              f"{(resident() - before) / 1e6:.1f} MB more after 9,000")


class DamagedMessages(KernelCase):
    """Frames as no client sends them."""

    def setUp(self):
        super().setUp()
        info = self.manager.get_connection_info()
        self.key = info["key"]
        context = zmq.Context.instance()
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(f"tcp://{info['ip']}:{info['shell_port']}")
        self.addCleanup(self.socket.close)

    def signed(self, code="evil = 1", key=None):
        header = {"msg_id": os.urandom(8).hex(), "username": "", "session": "s",
                  "date": "2026-01-01T00:00:00Z", "msg_type": "execute_request", "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                   "allow_stdin": False, "stop_on_error": True}
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        digest = hmac.new(self.key if key is None else key, digestmod=hashlib.sha256)
        for part in parts:
            digest.update(part)
        return [b"<IDS|MSG>", digest.hexdigest().encode(), *parts]

    def replies(self, seconds=0.5):
        count = 0
        while self.socket.poll(int(seconds * 1000)):
            self.socket.recv_multipart()
            count += 1
        return count

    def test_a_wrong_signature_runs_nothing(self):
        self.socket.send_multipart(self.signed(key=b"wrong"))
        frames = self.signed()
        self.socket.send_multipart([frames[0], b"", *frames[2:]])
        self.assertEqual(self.replies(), 0)
        reply, _ = self.run_cell("evil")
        self.assertIn("unknown name 'evil'", reply["evalue"])

    def test_a_message_counts_once(self):
        frames = self.signed("total = total + 1")
        self.run_cell("total = 0")
        for _ in range(3):
            self.socket.send_multipart(frames)
        self.assertEqual(self.replies(), 1)
        self.assertEqual(self.value("total"), "1")

    def test_malformed_frames_are_dropped(self):
        good = self.signed()

        def resigned(parts):
            digest = hmac.new(self.key, digestmod=hashlib.sha256)
            for part in parts:
                digest.update(part)
            return [b"<IDS|MSG>", digest.hexdigest().encode(), *parts]

        for frames in ([b""], [b"<IDS|MSG>"], good[:4], good[1:], [b"x"] * 40,
                       resigned([b"{", b"{}", b"{}", b"{}"]), resigned([b"[]"] * 4),
                       resigned([b"{}"] * 4), resigned([good[2], b"{}", b"{}", b"\xff\xfe"]),
                       resigned([good[2], b"{}", b"{}", b'{"code": ' + b"[" * 100_000])):
            self.socket.send_multipart(frames)
        self.assertEqual(self.replies(), 0)
        self.socket.send_multipart(
            resigned([good[2], b"{}", b"{}", b'{"code": 7, "silent": "no"}']))
        self.assertEqual(self.replies(), 1)
        self.assertEqual(self.value("1 + 1"), "2")


if __name__ == "__main__":
    unittest.main()
