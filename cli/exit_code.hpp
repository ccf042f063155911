#pragma once
#include <ark/error.hpp>

namespace ark::cli {

/// What the command returns to the shell. Stable: scripts rely on it (libark/doc/errors.md).
enum class exit_code : int {
  ok = 0,
  no = 1,      ///< the answer is no: a check failed, a budget refused, no model fits
  usage = 2,   ///< the command line, a file or the configuration is wrong; nothing was sent
  vendor = 3,  ///< the vendor, the network or this machine failed
  interrupted = 130,
};

/// Which exit code an error ends the command with.
exit_code exit_code_of(const error& failure) noexcept;

}  // namespace ark::cli
