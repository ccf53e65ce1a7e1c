"""Jupyter's own tests of a kernel (jupyter_kernel_test), on the kernel that JUPYTER_DATA_DIR has."""

import unittest

import jupyter_kernel_test


class PareKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "pare"
    language_name = "pare"
    file_extension = ".pare"
    code_hello_world = "print('hello, world')"
    # A built-in that is hidden is warned of.
    code_stderr = "sorted = 1"
    completion_samples = [
        {"text": "heatm", "matches": {"heatmap"}},
        {"text": "importance(m, tok", "matches": {"tokens", "tokens="}},
    ]
    complete_code_samples = ["1", "x = [1, 2]", "def f(x):\n    return x\n\n"]
    incomplete_code_samples = ["for i in range(3):", "print('''hello", "x = ["]
    invalid_code_samples = ["import os", "x = ]", "class C: pass"]
    code_page_something = "load?"
    code_generate_error = "1 / 0"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "zeros(2)", "result": "tensor([0., 0.])  f32 [2] cpu"},
    ]
    code_display_data = [
        {"code": "display(heatmap(zeros(2, 2)))", "mime": "image/png"},
        {"code": "display(1)", "mime": "text/plain"},
    ]
    code_history_pattern = "6 ?*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "load"
    code_clear_output = "clear_output()"


if __name__ == "__main__":
    unittest.main()
