#include "ledger_pg/pg_anchor.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "ledger_pg/pg_batch.hpp"
#include "ledger_pg/pg_seal.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

constexpr std::string_view server_anchor_name = "ark-server-anchor 1\n";
/// Kept of what was lost: the first ones, which tell most.
constexpr std::size_t lost_places_max = 100;
constexpr std::size_t identity_digits = 16;

void append_place(std::string& to, std::string_view word, const chain_place& place) {
  append_head(to, std::string(word) + " " + std::to_string(place.session), place.head);
}

std::optional<chain_place> take_place(std::string_view& text) {
  const auto session = take_number(text, ' ');
  const auto head = session ? take_head(text) : std::nullopt;
  if (!head) return std::nullopt;
  return chain_place{*session, *head};
}

std::optional<pg_anchor_content> take_server_content(std::string_view text) {
  pg_anchor_content c;
  if (!take_word(text, server_anchor_name) || !take_word(text, "seal ")) return std::nullopt;
  const auto seal = take_head(text);
  if (!seal || !take_word(text, "since ")) return std::nullopt;
  c.seal = *seal;
  const auto since = take_number(text, ' ');
  const auto since_us = since ? take_number(text, '\n') : std::nullopt;
  if (!since_us) return std::nullopt;
  c.since = *since;
  c.since_us = *since_us;
  while (take_word(text, "session ")) {
    const auto place = take_place(text);
    if (!place) return std::nullopt;
    c.sessions[place->session] = place->head;
  }
  while (take_word(text, "lost ")) {
    const auto place = take_place(text);
    if (!place) return std::nullopt;
    c.lost.push_back(*place);
  }
  return take_word(text, "end\n") ? std::optional(std::move(c)) : std::nullopt;
}

pg::batch places_rows() {
  return {{{"chain", pg::type::int8}, {"id", pg::type::int8}, {"hash", pg::type::text}}, {}};
}

/// Takes what is lost out of what is to be there.
void keep_lost(pg_anchor_content& in, const std::vector<chain_place>& lost) {
  for (const auto& place : lost) {
    bool there = false;
    if (place.session == 0) {
      there = in.seal == place.head;
      if (there) in.seal = {};
    } else if (const auto it = in.sessions.find(place.session);
               it != in.sessions.end() && it->second == place.head) {
      there = true;
      in.sessions.erase(it);
    }
    if (there && in.lost.size() < lost_places_max) in.lost.push_back(place);
  }
}

/// Of what the anchor names, what the ledger does not have.
void queue_missing(pg::connection& db, const pg_anchor_content& content) {
  const auto owner = std::make_shared<pg::batch>(places_rows());
  const auto add = [&](std::int64_t session, const segment_head& head) {
    const std::string hash = to_hex(head.hash);
    const cell cells[] = {pg::number_cell(session), pg::number_cell(head.id), pg::text_cell(hash)};
    owner->add(cells, {});
  };
  if (content.seal.id > 0) add(0, content.seal);
  for (const auto& [session, head] : content.sessions) add(session, head);
  db.queue("SELECT g.chain, g.id, g.hash FROM " + owner->source() +
               " WHERE NOT CASE WHEN g.chain = 0 THEN EXISTS (SELECT 1 FROM ark.seal l WHERE "
               "l.id = g.id AND l.hash = decode(g.hash,'hex')) ELSE EXISTS (SELECT 1 FROM "
               "ark.segment s WHERE s.chain = g.chain AND s.id = g.id AND s.hash = "
               "decode(g.hash,'hex')) END ORDER BY g.n",
           owner->arrays(), owner);
}

std::vector<chain_place> read_missing(pg::rows& row) {
  std::vector<chain_place> missing;
  while (row.next())
    missing.push_back(
        {row.integer(0), {row.integer(1), digest_of_hex(row.text(2)).value_or(digest{})}});
  return missing;
}

/// What the server has of all that an anchor names: asked for in one round.
struct server_seen {
  std::vector<chain_place> missing{};
  std::map<std::int64_t, std::int64_t> sealed{};  ///< how far each of the sessions is, by now
  segment_head last{};                            ///< the last seal
};
result<server_seen> look_at_server(pg::connection& db, const pg_anchor_content& content,
                                   pg::deadline until) {
  pg::column ids(pg::type::int8);
  for (const auto& [session, head] : content.sessions) ids.add(session);
  queue_missing(db, content);
  db.queue("SELECT chain, max(segment) FROM ark.seal WHERE chain = ANY($1) GROUP BY chain",
           pg::parameters().array(ids));
  // Behind that: what is sealed has a seal up to the last one.
  queue_last_seal(db);
  auto answers = db.flush(until);
  if (!answers) return answers.error();
  server_seen seen{.missing = read_missing((*answers)[0])};
  for (pg::rows& row = (*answers)[1]; row.next();) seen.sealed[row.integer(0)] = row.integer(1);
  const auto last = last_seal_in((*answers)[2]);
  if (!last) return last.error();
  seen.last = *last;
  return seen;
}

result<void> make_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return {};
  return os::make_private_directory(path.substr(0, slash));
}

/// Whether what there is of its folders is one that this user can make others in.
bool has_home(std::string path) {
  struct stat s{};
  do {
    const auto slash = path.rfind('/');
    path.resize(slash == std::string::npos ? 0 : slash);
  } while (!path.empty() && ::stat(path.c_str(), &s) != 0);
  if (path.empty()) path = "/";
  return ::stat(path.c_str(), &s) == 0 && S_ISDIR(s.st_mode) && ::access(path.c_str(), W_OK) == 0;
}

}  // namespace

std::string to_text(const pg_anchor_content& content) {
  std::string text(server_anchor_name);
  append_head(text, "seal", content.seal);
  text += "since " + std::to_string(content.since) + " " + std::to_string(content.since_us) + "\n";
  for (const auto& [session, head] : content.sessions)
    append_place(text, "session", {session, head});
  for (const auto& place : content.lost) append_place(text, "lost", place);
  return text + "end\n";
}

std::optional<pg_anchor_content> pg_anchor_of_text(std::string_view text) {
  auto content = take_server_content(text);
  if (content && to_text(*content) != text) content.reset();
  return content;
}

result<std::optional<pg_anchor_content>> read_pg_anchor(const std::string& path) {
  const auto text = read_anchor_text(path);
  if (!text) return text.error();
  if (!*text) return std::optional<pg_anchor_content>{};
  auto content = pg_anchor_of_text(**text);
  if (!content)
    return cannot_use_anchor(path,
                             "its text makes no sense, so it does not tell where the ledger ended");
  return content;
}

std::string pg_anchor_path(const std::string& named, const pg::target& of) {
  if (!named.empty()) return named;
  const std::string folder = os::state_directory(os::real());
  if (folder.empty()) return {};
  const pg::address at = pg::address_of(of);
  std::string file = "ledger-";
  for (const char c : at.database) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    file += plain ? c : '_';
  }
  // Long names, and such that differ only in what is no letter.
  file.resize(std::min<std::size_t>(file.size(), 60));
  sha256 sum;
  sum.add(at.where + "/" + at.database);
  return folder + "/anchors/" + file + "-" + to_hex(sum.finish()).substr(0, identity_digits);
}

result<std::vector<chain_place>> missing_places(pg::connection& db,
                                                const pg_anchor_content& content,
                                                pg::deadline until) {
  queue_missing(db, content);
  auto found = db.flush(until);
  if (!found) return found.error();
  return read_missing(found->back());
}

result<std::unique_ptr<pg_anchor>> pg_anchor::open(const std::string& path) {
  if (auto made = make_folder_of(path); !made) return made.error();
  auto file = anchor_file::open(path);
  if (!file) return file.error();
  return std::unique_ptr<pg_anchor>(new pg_anchor(std::move(*file)));
}

result<std::unique_ptr<pg_anchor>> pg_anchor::open_for(const std::string& named,
                                                       const pg::target& of, pg::connection& db,
                                                       std::int64_t now_us, pg::deadline until) {
  const std::string path = pg_anchor_path(named, of);
  if (path.empty()) return std::unique_ptr<pg_anchor>();
  if (named.empty() && !make_folder_of(path) && !has_home(path))
    return std::unique_ptr<pg_anchor>();
  auto made = open(path);
  if (!made) return made;
  auto done = (*made)->refresh(db, now_us, until);
  if (done) return made;
  if (!named.empty() || db.lost()) return done.error();
  // It lags, and catches up with the next seal.
  if (auto usable = db.recover(until); !usable) return usable.error();
  return made;
}

result<std::optional<pg_anchor_content>> pg_anchor::read() {
  auto text = file_.read();
  if (!text) return text.error();
  if (!last_text_.empty() && *text == last_text_) return std::optional(last_);
  auto content = pg_anchor_of_text(*text);
  if (!content && is_foreign_anchor(*text, server_anchor_name))
    return file_.cannot("it is a file of something else: name another");
  return content;
}

result<void> pg_anchor::write(pg_anchor_content content) {
  std::string text = to_text(content);
  if (auto done = file_.write(text); !done) return done;
  last_ = std::move(content);
  last_text_ = std::move(text);
  return {};
}

result<void> pg_anchor::begin(pg::connection& db, std::int64_t now_us, pg::deadline until) {
  // All that is there now has a seal then, so that this file speaks of it.
  const auto last = seal_all(db, now_us, until);
  if (!last) return last.error();
  if (auto locked = file_.lock(anchor_file::open_tries); !locked) return locked;
  const auto content = read();
  result<void> done;
  if (!content)
    done = content.error();
  else if (!*content)  // else another process was quicker
    done =
        write({.seal = *last, .since = last->id > first_seal ? last->id : 0, .since_us = now_us});
  file_.unlock();
  return done ? file_.sync() : done;
}

result<void> pg_anchor::refresh(pg::connection& db, std::int64_t now_us, pg::deadline until) {
  if (auto locked = file_.lock(anchor_file::open_tries); !locked) return locked;
  auto before = read();
  file_.unlock();
  if (!before) return before.error();
  if (!*before) return begin(db, now_us, until);
  // The server is asked without the lock.
  const auto seen = look_at_server(db, **before, until);
  if (!seen) return seen.error();
  if (auto locked = file_.lock(anchor_file::advance_tries); !locked) return locked;
  auto now = read();
  result<void> done;
  if (!now) done = now.error();
  if (now && *now) {
    pg_anchor_content next = std::move(**now);
    keep_lost(next, seen->missing);
    for (const auto& [session, segment] : seen->sealed)
      if (const auto it = next.sessions.find(session);
          it != next.sessions.end() && it->second.id <= segment)
        next.sessions.erase(it);
    if (next.seal.id < seen->last.id) next.seal = seen->last;
    done = write(std::move(next));
  }
  file_.unlock();
  return done;
}

result<void> pg_anchor::advance(const chain_place& to) {
  if (auto locked = file_.lock(anchor_file::advance_tries); !locked) return locked;
  auto now = read();
  result<void> done;
  if (!now) done = now.error();
  if (now && *now) {
    pg_anchor_content next = std::move(**now);
    segment_head& own = next.sessions[to.session];
    if (own.id < to.head.id) own = to.head;
    done = write(std::move(next));
  }
  file_.unlock();
  return done;
}

result<void> pg_anchor::accept(pg::connection& db, std::int64_t now_us, pg::deadline until) {
  const auto last = seal_all(db, now_us, until);
  if (!last) return last.error();
  if (auto locked = file_.lock(anchor_file::open_tries); !locked) return locked;
  auto now = read();
  auto done = now ? write({.seal = *last, .since_us = now_us}) : now.error();
  file_.unlock();
  return done;
}

std::vector<std::int64_t> pg_anchor::unsealed() const {
  std::vector<std::int64_t> sessions;
  sessions.reserve(last_.sessions.size());
  for (const auto& [session, head] : last_.sessions) sessions.push_back(session);
  return sessions;
}

}  // namespace ark::detail
