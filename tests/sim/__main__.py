"""``make simulate``: universes from a range of seeds, or the hunt for planted mistakes."""

import argparse
import os
import sys
import time

from tests.further import SHARES
from tests.sim import run
from tests.sim.weather import KINDS

TRACE = 20
SHRINK_SECONDS = 30.0
SHOWN = 5  # failures told in full
CONSEQUENCES = ("conflict", "unrecovered")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make simulate")
    parser.add_argument("--seeds", type=int, default=200, help="how many universes")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--case", default="", help="one universe: a seed, then field=value")
    parser.add_argument("--also", default="", help="field=value …: what is different in every universe")
    parser.add_argument("--mutants", action="store_true", help="hunt for every planted mistake")
    parser.add_argument(
        "--share", type=int, default=-1, help=f"of the planted mistakes one share, 0 to {SHARES - 1}"
    )
    parser.add_argument("--fresh", action="store_true", help="leave out what once failed")
    parser.add_argument("--every-fault", action="store_true", help="fail when a kind of fault never happened")
    parser.add_argument("--jobs", type=int, default=0, help="processes; 0: one a core")
    asked = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets is part of a universe
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.sim", *sys.argv[1:]],
            os.environ | {"PYTHONHASHSEED": "0"},
        )
    if asked.case:
        return _one(run.read_case(asked.case))
    return _mutants(asked.seeds, asked.jobs, asked.share) if asked.mutants else _seeds(asked)


def _one(case: run.Case) -> int:
    run.prepare()
    ended = run.live(case.plan)
    print("\n".join(ended.trace))
    print(f"{case}: {ended.facts} facts in {ended.seconds:.1f} s, hash {ended.hash}")
    for problem in ended.problems:
        print(f"  {problem.at:.3f} {problem.invariant}: {problem.what}")
    return bool(ended.problems)


def _seeds(asked: argparse.Namespace) -> int:
    began, failed, fired, facts = time.monotonic(), [], run.Counter(), 0
    old = [] if asked.fresh else run.regressions()
    seeds = range(asked.start, asked.start + asked.seeds)
    cases = [*old, *(run.read_case(f"{seed} {asked.also}") for seed in seeds)]
    for case, ended in run.across_the_cores(cases, asked.jobs):
        fired += ended.fired
        facts += ended.facts
        if ended.problems:
            failed.append((case, ended))
            print(f"{case}: {ended.problems[0].invariant}: {ended.problems[0].what}", flush=True)
    took = time.monotonic() - began
    print(
        f"{len(cases)} universes ({len(old)} old failures among them), {facts} facts, {len(cases) / took:.1f} a second"
    )
    print("faults: " + ", ".join(f"{kind} {fired[kind]}" for kind in (*KINDS, *CONSEQUENCES)))
    never = [kind for kind in KINDS if not fired[kind]]
    if asked.every_fault and never:
        print(f"these faults never happened: {', '.join(never)}")
    if failed:
        run.prepare()
    for case, ended in failed[:SHOWN]:
        _tell(case, ended)
    return bool(failed or (asked.every_fault and never))


def _tell(case: run.Case, ended: run.Ended) -> None:
    less = run.smaller(case, ended, SHRINK_SECONDS)
    again = run.universe(less)
    print(f"\nfailure of seed {case.seed}, made smaller:")
    print("\n".join(again.trace[-TRACE:]))
    for problem in again.problems:
        print(f"  {problem.at:.3f} {problem.invariant}: {problem.what}")
    print(f"again: make simulate CASE='{less}'   and for ever: a line in {run.REGRESSIONS.name}")


def _mutants(seeds: int, jobs: int, share: int) -> int:
    survived, which = 0, run.shared(share, SHARES) if share >= 0 else range(len(run.MUTANTS))
    for found in run.hunts(which, min(seeds, run.SEARCHED), jobs):
        survived += found.seed < 0
        where = f"seed {found.seed:<4}" if found.seed >= 0 else "SURVIVES "
        print(f"{where} {found.name}: {found.what[:150]}", flush=True)
    print(f"{len(which) - survived} of {len(which)} planted mistakes found")
    return bool(survived)


if __name__ == "__main__":
    sys.exit(main())
