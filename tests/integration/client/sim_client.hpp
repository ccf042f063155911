#pragma once
#include <ark/ark.hpp>
#include <ark/testing.hpp>

#include "tests/support/temporary_directory.hpp"

namespace ark::testing {

/// A simulator, a ledger in a folder of its own, and a client whose vendors are the simulator.
struct sim_client {
  explicit sim_client(simulator_options o = {}, executor_handle executor = {})
      : sim(std::move(simulator::start(std::move(o)).value())),
        book(ledger::open({.path = dir.file("ledger.db")}).value()),
        client(standard_client(options(std::move(executor)))) {}

  client_options options(executor_handle executor) const {
    client_options out{.ledger = book};
    for (const char* name : {"openai", "deepseek", "volcengine-ark"})
      out.vendors[name] = {.base_url = sim.base_url("openai"), .key = secret("sim-key-0123456789")};
    out.vendors["anthropic"] = {.base_url = sim.base_url("anthropic"),
                                .key = secret("sim-key-0123456789")};
    out.network.ca_file = sim.ca_file();
    out.executor = std::move(executor);
    return out;
  }
  std::vector<ledger_entry> entries() const { return book.list({}).value(); }

  temporary_directory dir;
  simulator sim;
  ledger book;
  ark::client client;
};

inline call ask(std::string model, std::string text) {
  return {.model = std::move(model), .messages = {user(std::move(text))}};
}

inline const char* const chat_models[] = {"openai/gpt-4.1-mini", "anthropic/claude-haiku-4-5",
                                          "deepseek/deepseek-chat"};

}  // namespace ark::testing
