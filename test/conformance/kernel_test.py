"""jupyter_kernel_test, the conformance suite of Jupyter's makers, with samples in TypeScript.

usage: kernel_test.py      (prints a JSON object: name of the test -> "passed", "skipped: why" or the failure)
"""

import json
import unittest

import jupyter_kernel_test


class EndsKernelAtOnce:
    """The suite asks the kernel to shut down when jupyter_client 8.10 has closed the ZeroMQ context: an error of theirs. Our own tests ask."""

    @classmethod
    def tearDownClass(cls):
        cls.km.shutdown_kernel(now=True)
        cls.kc.stop_channels()


class Lectern(EndsKernelAtOnce, jupyter_kernel_test.KernelTests):
    kernel_name = "lectern"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "'text'.toUpp", "matches": {"toUpperCase"}},
        {"text": "Math.cbr", "matches": {"cbrt"}},
    ]
    complete_code_samples = [
        "1",
        "const f = (x: number) => x + 1",
        "function f() { return 1; }",
        "for await (const x of []) console.log(x)",
    ]
    incomplete_code_samples = ["function f() {", "const a = [1,", "const text = `abc", "/* a comment"]
    invalid_code_samples = ["const = 5; 1", "let a b c;\n1", "f(]; 1"]
    code_page_something = 'import { page } from "lectern"; page("a long text")'
    code_generate_error = "throw new RangeError('on purpose')"
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": "['a', 'b'].join('-')", "result": "'a-b'"},
        {"code": "await Promise.resolve({ x: 1 })", "result": "{ x: 1 }"},
        {
            "code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>' }) })",
            "mime": "text/html",
            "result": "<b>x</b>",
        },
    ]
    code_display_data = [
        {"code": 'import { display } from "lectern"; display.html("<b>x</b>")', "mime": "text/html"},
        {"code": 'import { display } from "lectern"; display.png(new Uint8Array(8))', "mime": "image/png"},
        {"code": 'import { display } from "lectern"; display({ x: 1 })', "mime": "text/plain"},
    ]
    code_history_pattern = "6?7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.sqrt"
    code_clear_output = 'import { clearOutput } from "lectern"; clearOutput()'


class Outcomes(unittest.TestResult):
    """A test with parts is as good as its worst part."""

    def __init__(self):
        super().__init__()
        self.outcomes = {}

    def startTest(self, test):
        super().startTest(test)
        self.outcomes[test.id().split(".")[-1]] = "passed"

    def _note(self, test, outcome):
        self.outcomes[test.id().split(" ")[0].split(".")[-1]] = outcome

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._note(test, f"skipped: {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._note(test, self._exc_info_to_string(err, test))

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._note(test, self._exc_info_to_string(err, subtest))


cases = [Lectern]
if hasattr(jupyter_kernel_test, "IopubWelcomeTests"):

    class LecternWelcome(EndsKernelAtOnce, jupyter_kernel_test.IopubWelcomeTests):
        kernel_name = "lectern"
        support_iopub_welcome = True

    cases.append(LecternWelcome)

result = Outcomes()
for case in cases:
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
print(json.dumps(result.outcomes))
