#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/anchor_file.hpp"
#include "ledger_pg/pg_connection.hpp"

/// What a machine that writes to a shared ledger keeps of its end, outside of the server: the last
/// seal that it saw, and how far its own sessions went since. A private file of text.
namespace ark::detail {

/// A place in a session's chain, or among the seals: these have the number 0 for their session.
struct chain_place {
  std::int64_t session = 0;
  segment_head head{};
  bool operator==(const chain_place&) const = default;
};

struct pg_anchor_content {
  segment_head seal{};        ///< the last one that was seen
  std::int64_t since = 0;     ///< the last seal when the file was made: nothing is known before
  std::int64_t since_us = 0;  ///< when
  /// The ends of this machine's sessions, but those that a seal up to `seal` has.
  std::map<std::int64_t, segment_head> sessions{};
  /// What the ledger once had and later had not.
  std::vector<chain_place> lost{};
  bool operator==(const pg_anchor_content&) const = default;
};
std::string to_text(const pg_anchor_content& content);
/// Nothing if it is not what to_text() writes, to the byte.
std::optional<pg_anchor_content> pg_anchor_of_text(std::string_view text);
/// Nothing if there is none. errc::ledger if it cannot be read or its text makes no sense.
result<std::optional<pg_anchor_content>> read_pg_anchor(const std::string& path);

/// The file that `named` says, else one among the user's state files whose name comes from the
/// server's address and database. "": the user has no such folder.
std::string pg_anchor_path(const std::string& named, const pg::target& of);

/// Of what the anchor names, what the ledger does not have. In the connection's transaction, if
/// any.
result<std::vector<chain_place>> missing_places(pg::connection& db,
                                                const pg_anchor_content& content,
                                                pg::deadline until);

/// The file, open for writing; a writer's. All processes of a user on a machine share it.
class pg_anchor {
 public:
  /// Makes the file and its folder if absent.
  static result<std::unique_ptr<pg_anchor>> open(const std::string& path);
  /// The anchor of that server's ledger, refreshed. A place that the user named must do. Else null
  /// where there is no home folder that the user can make it in, and what could not be refreshed is
  /// given as it is, unless the connection is lost.
  static result<std::unique_ptr<pg_anchor>> open_for(const std::string& named, const pg::target& of,
                                                     pg::connection& db, std::int64_t now_us,
                                                     pg::deadline until);

  /// Looks at the server: what it lost is kept in the file, what it sealed is folded into the last
  /// seal. A file that tells nothing yet begins here.
  result<void> refresh(pg::connection& db, std::int64_t now_us, pg::deadline until);
  /// After a commit. An error is not one of the commit: the file lags, and the next call catches
  /// up.
  result<void> advance(const chain_place& to);
  /// Takes the ledger as it is now: forgets what was lost, and since when the file is there.
  result<void> accept(pg::connection& db, std::int64_t now_us, pg::deadline until);
  /// The sessions that wait for a seal, also of processes that died.
  std::vector<std::int64_t> unsealed() const;

 private:
  explicit pg_anchor(anchor_file file) : file_(std::move(file)) {}
  /// What the file says now; nothing if it tells nothing yet. The lock is held.
  result<std::optional<pg_anchor_content>> read();
  result<void> write(pg_anchor_content content);
  result<void> begin(pg::connection& db, std::int64_t now_us, pg::deadline until);

  anchor_file file_;
  std::string last_text_;
  pg_anchor_content last_;
};

}  // namespace ark::detail
