"""Streams that break: the ledger's interval has what the simulated vendor bills, wherever it is."""
import decimal
import json
import urllib.request

from harness import Case, Sim, main

MODELS = ("openai/gpt-5-mini", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash")
PROMPT = "a prompt of some words that the simulator repeats " * 12


class Meter(Case):
    def broken(self, fault, *arguments):
        """What one broken stream of each model cost: the vendor's bill, the ledger's entry."""
        sim = Sim(self.home, "--fault", fault)
        try:
            env = sim.env
            for model in MODELS:
                self.home.run("chat", "-m", model, *arguments, PROMPT, env=env)
            with urllib.request.urlopen(sim.address + "/__journal", timeout=10) as answer:
                asked = json.load(answer)["requests"]
        finally:
            sim.close()
        entries = list(reversed(self.home.ledger("--limit", str(len(asked)))))
        self.assertEqual(len(entries), len(asked))
        if entries[0]["begun"] > entries[-1]["begun"]:
            entries.reverse()
        return list(zip(asked, entries))

    def check(self, pairs, place):
        widths = []
        for request, entry in pairs:
            cost = entry["cost"]
            bill = decimal.Decimal(request["cost"] or 0)
            if cost["status"] == "interval":
                low, high = decimal.Decimal(cost["low"]), decimal.Decimal(cost["high"])
                widths.append(high - low)
            else:
                low = high = decimal.Decimal(cost["value"] or 0)
            self.assertLessEqual(low, bill, (place, entry))
            self.assertGreaterEqual(high, bill, (place, entry))
        return widths

    def test_cut_anywhere(self):
        intervals = 0
        for at in range(0, 6000, 240):
            intervals += len(self.check(self.broken(f"cut-after={at}@stream"), at))
        self.assertGreater(intervals, 25)

    def test_an_error_in_the_stream(self):
        for frame in (1, 2, 5, 20):
            self.check(self.broken(f"error-in-stream={frame}@stream"), frame)

    def test_stopped_by_its_ceiling(self):
        """Nothing is cut: the client stops it, and what was under way is billed too."""
        for most in ("0.00006", "0.0002", "0.001"):
            self.check(self.broken("no-usage@nth=99", "--max-cost", most), most)


if __name__ == "__main__":
    main()
