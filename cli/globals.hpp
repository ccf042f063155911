#pragma once
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "cli/command.hpp"
#include "cli/context.hpp"

namespace ark::cli {

/// A parser with the options of every command and, below it, the commands that `wanted` names
/// (all if it is empty): building one costs microseconds, building all of them milliseconds.
class parser {
 public:
  parser(global_flags& flags, const std::string& wanted);
  parser(const parser&) = delete;
  parser& operator=(const parser&) = delete;

  CLI::App& app() noexcept { return app_; }
  const action& chosen() const noexcept { return chosen_; }

 private:
  CLI::App app_;
  action chosen_;
};

}  // namespace ark::cli
