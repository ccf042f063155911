#pragma once
#include <sys/types.h>

#include <memory>
#include <string>

#include "ledger_pg/pg_connection.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::testing {

/// A PostgreSQL server of this test's own: a folder of its own, a Unix socket, a user that is not
/// root. It dies with this process, whose state files (XDG_STATE_HOME) lie in that folder too.
class pg_server {
 public:
  /// Null where Debian's postgresql is not installed. Throws when it does not start.
  static std::unique_ptr<pg_server> start();
  pg_server(const pg_server&) = delete;
  pg_server& operator=(const pg_server&) = delete;
  ~pg_server();

  /// A ledger's name.
  std::string name(const std::string& user = "ark") const;
  /// As a power cut would, but for the disk: SIGKILL to the postmaster and its children.
  void kill();
  void begin();
  /// The first column of the first row; "" if there is none.
  std::string ask(const std::string& sql) const;
  void run(const std::string& sql) const;
  /// The roll-ups made those of the rows, as whoever changed these would do too.
  void set_sums_right() const;
  /// No ledger, and no anchor of one: as after installation.
  void wipe() const;

 private:
  explicit pg_server(std::string programs) : programs_(std::move(programs)) {}
  pid_t spawn(const std::vector<std::string>& arguments) const;
  bool answers() const;
  pg::connection connect() const;

  std::string programs_;
  temporary_directory folder_;
  pid_t pid_ = 0;
};

/// The one server of a test program, started when it is first asked for.
pg_server* the_server();

}  // namespace ark::testing
