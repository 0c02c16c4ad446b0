"""What the user sees: progress while it runs, then the table and the closing line."""

import sys


class Progress:
    """One line that is rewritten on a terminal; elsewhere a line per finished unit."""

    def __init__(self, total):
        self.total, self.shown, self.tty = total, set(), sys.stdout.isatty()

    def show(self, rows, running):
        done = [row for row in rows if row["seconds"] is not None]
        if self.tty:
            busy = ", ".join(f"{host}: {count}" for host, count in sorted(running.items()))
            width = 30
            filled = width * len(done) // max(1, self.total)
            print(f"\r\033[K[{'#' * filled}{'.' * (width - filled)}] {len(done)}/{self.total}  "
                  f"{busy}", end="", flush=True)
        else:
            for row in done:
                if row["unit"] not in self.shown:
                    self.shown.add(row["unit"])
                    print(f"[{len(self.shown)}/{self.total}] {row['where']:>9}  {row['unit']}",
                          flush=True)

    def end(self):
        if self.tty:
            print("\r\033[K", end="")


def kilobytes(size):
    return f"{size / 1024:.1f} kB" if size else "-"


def table(rows):
    width = max([len(row["unit"]) for row in rows] + [4])
    print(f"{'unit':<{width}}  {'compiled on':<11}  {'seconds':>7}  {'sent':>10}  {'object':>10}")
    for row in sorted(rows, key=lambda row: row["unit"]):
        seconds = "-" if row["seconds"] is None else f"{row['seconds']:.2f}"
        print(f"{row['unit']:<{width}}  {row['where']:<11}  {seconds:>7}  "
              f"{kilobytes(row['sent']):>10}  {kilobytes(row['object']):>10}")
