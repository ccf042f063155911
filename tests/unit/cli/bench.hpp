#pragma once
#include <map>
#include <string>

#include "cli/context.hpp"
#include "cli/run.hpp"
#include "tests/support/fake_os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::testing {

/// A command in a machine of its own: a home in a temporary folder, an environment, no terminal.
class cli_bench {
 public:
  cli_bench() { machine.variables["HOME"] = folder.path(); }

  int run(const std::vector<std::string>& arguments, const std::string& standard_in = "") {
    out.clear();
    err.clear();
    cli::input in{standard_in};
    cli::output to_out{out};
    cli::output to_err{err, terminal};
    cli::context ctx{machine, in, to_out, to_err};
    return cli::run(arguments, ctx);
  }
  std::string config_file() const { return folder.file(".config/ark/config.yaml"); }
  void write_config(const std::string& text) {
    (void)os::make_private_directory(folder.file(".config/ark"));
    (void)os::write_file(config_file(), text, 0600);
  }

  temporary_directory folder;
  fake_system machine;
  bool terminal = false;
  std::string out;
  std::string err;
};

}  // namespace ark::testing
