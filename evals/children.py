"""Processor time of the processes that this one has started."""

import resource

import psutil


def children_cpu_s() -> float:
    """Seconds so far of all children, ended and killed ones and what those had started included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = [child.cpu_times() for child in psutil.Process().children()]
    return ended.ru_utime + ended.ru_stime + sum(times.user + times.system for times in running)
