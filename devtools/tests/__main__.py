# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Run the tests in the VM: all, or those whose names are given.

A VM of a test keeps one CPU of this machine busy for two thirds of its time, so
three classes of tests run at a time on two CPUs, or as many as TPH_TEST_JOBS
says. A skipped test counts as failed: nothing here may depend on the machine.
"""

import io
import os
import sys
import time
import unittest
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import vm

HERE = Path(__file__).resolve().parent
WORKERS = int(os.environ.get("TPH_TEST_JOBS", "3"))


def left_out() -> dict[str, str]:
    """What is not tested in a VM of another architecture than this machine's, and why."""
    if vm.ARCH == vm.HOST_ARCH:
        return {}
    lines = (HERE.parent / f"{vm.ARCH}-left-out").read_text().splitlines()
    words = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    return {name: why for name, why in words}


def cases(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    """All tests of a suite, whatever it is made of."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from cases(item)
        elif isinstance(item, unittest.TestCase):
            yield item


def run_class(tests: list[unittest.TestCase]) -> unittest.TestResult:
    """Run the tests of one class and print all they say at once."""
    stream = io.StringIO()
    result = unittest.TextTestRunner(verbosity=2, stream=stream).run(unittest.TestSuite(tests))
    print(stream.getvalue(), flush=True)
    return result


def count_passed(result: unittest.TestResult) -> int:
    """How many tests really passed; none if the set-up of the class failed."""
    bad = len(result.failures) + len(result.errors) + len(result.skipped)
    bad += len(result.unexpectedSuccesses) + len(result.expectedFailures)
    return max(result.testsRun - bad, 0)


def main() -> int:
    """Run the tests and tell how many passed."""
    start = time.monotonic()
    sys.path.insert(0, str(HERE))
    loader = unittest.TestLoader()
    if len(sys.argv) > 1:
        suite = loader.loadTestsFromNames(sys.argv[1:])
    else:
        suite = loader.discover(str(HERE))

    classes: dict[type, list[unittest.TestCase]] = {}
    for test in cases(suite):
        classes.setdefault(type(test), []).append(test)
    without = left_out()
    for kind in list(classes):
        name = f"{kind.__module__}.{kind.__qualname__}"
        if name in without:
            print(f"left out on {vm.ARCH}: {name}: {without[name]}", flush=True)
            del classes[kind]
    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(run_class, classes.values()))

    total = sum(len(tests) for tests in classes.values())
    passed = sum(count_passed(result) for result in results)
    failed = total - passed
    if total == 0:
        print("no test was found")
        failed = 1
    print(f"VM tests took {time.monotonic() - start:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
