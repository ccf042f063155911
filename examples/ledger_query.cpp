// Records calls in a ledger and asks it what they cost: by model, and one by one.
#include "example_client.hpp"

int main() {
  const std::string path = example::variable("ARK_EXAMPLE_LEDGER", "example-ledger.db");
  const auto ledger = ark::ledger::open({.path = path});
  if (!ledger) return example::failed(ledger.error());
  auto options = example::options();
  options.ledger = *ledger;
  const ark::client client = ark::standard_client(std::move(options));
  for (const char* question : {"What is 6*7?", "What colour is grass?"}) {
    const auto reply = client.complete({.model = example::model(),
                                        .messages = {ark::user(question)},
                                        .task = "example",
                                        .tags = {{"team", "docs"}}});
    if (!reply) return example::failed(reply.error());
  }
  const auto report = ledger->report({"model", "tag:team"}, {.task = "example"});
  if (!report) return example::failed(report.error());
  for (const auto& line : *report)
    std::cout << line.key[0] << " for " << line.key[1] << ": " << line.attempts << " attempts, "
              << line.input << " + " << line.output << " tokens, " << line.cost.to_string() << " "
              << line.currency << "\n";
  const auto read = ledger->scan({.task = "example", .limit = 2}, [](const ark::ledger_entry& e) {
    std::cout << e.sequence << " " << ark::to_string(e.state) << " " << e.request_id << "\n";
    return true;
  });
  return read ? 0 : example::failed(read.error());
}
