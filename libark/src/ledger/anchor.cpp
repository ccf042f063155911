#include "ledger/anchor.hpp"

#include <utility>

namespace ark::detail {
namespace {

constexpr std::string_view anchor_name = "ark-anchor 1\n";
/// Kept of what was lost: the first ones, which tell most.
constexpr std::size_t lost_max = 100;

std::optional<anchor_content> take_content(std::string_view text) {
  anchor_content c;
  if (!take_word(text, anchor_name) || !take_word(text, "head ")) return std::nullopt;
  const auto head = take_head(text);
  if (!head || !take_word(text, "since ")) return std::nullopt;
  c.head = *head;
  const auto since = take_number(text, ' ');
  const auto since_us = since ? take_number(text, '\n') : std::nullopt;
  if (!since_us) return std::nullopt;
  c.since = *since;
  c.since_us = *since_us;
  while (take_word(text, "lost ")) {
    const auto lost = take_head(text);
    if (!lost) return std::nullopt;
    c.lost.push_back(*lost);
  }
  return take_word(text, "end\n") ? std::optional(std::move(c)) : std::nullopt;
}

/// Whether the ledger's last segment is one that was made for rows from before the chain.
result<bool> is_backfilled(sqlite::database& db) {
  const auto made = db.integer("SELECT at_us FROM segment ORDER BY id DESC LIMIT 1");
  if (!made) return made.error();
  return *made == 0;
}

}  // namespace

std::string to_text(const anchor_content& content) {
  std::string text(anchor_name);
  append_head(text, "head", content.head);
  text += "since " + std::to_string(content.since) + " " + std::to_string(content.since_us) + "\n";
  for (const auto& lost : content.lost) append_head(text, "lost", lost);
  return text + "end\n";
}

std::optional<anchor_content> anchor_of_text(std::string_view text) {
  auto content = take_content(text);
  if (content && to_text(*content) != text) content.reset();
  return content;
}

std::string anchor_path(const std::string& ledger_path, const std::string& named) {
  return named.empty() ? ledger_path + "-anchor" : named;
}

result<std::optional<anchor_content>> read_anchor(const std::string& path) {
  const auto text = read_anchor_text(path);
  if (!text) return text.error();
  if (!*text) return std::optional<anchor_content>{};
  auto content = anchor_of_text(**text);
  if (!content)
    return cannot_use_anchor(path,
                             "its text makes no sense, so it does not tell where the ledger ended");
  return content;
}

result<std::unique_ptr<anchor>> anchor::open(const std::string& path, sqlite::database& db,
                                             std::int64_t now_us) {
  auto file = anchor_file::open(path);
  if (!file) return file.error();
  std::unique_ptr<anchor> made(new anchor(std::move(*file)));
  if (auto locked = made->file_.lock(anchor_file::open_tries); !locked) return locked.error();
  const auto head = read_head(db);
  auto done = head ? made->update(*head, db, now_us) : head.error();
  made->file_.unlock();
  if (done) done = made->keep_new();
  if (!done) return done.error();
  return made;
}

result<void> anchor::advance(const segment_head& to, sqlite::database& db, std::int64_t now_us) {
  if (auto locked = file_.lock(anchor_file::advance_tries); !locked) return locked;
  auto done = update(to, db, now_us);
  file_.unlock();
  return done ? keep_new() : done;
}

/// There is no anchor, or none that tells anything.
result<void> anchor::begin(const segment_head& at, sqlite::database& db, std::int64_t now_us) {
  const auto backfilled = is_backfilled(db);
  if (!backfilled) return backfilled.error();
  if (auto done = write({.head = at, .since = *backfilled ? 0 : at.id, .since_us = now_us}); !done)
    return done;
  is_new_ = true;
  return {};
}

result<void> anchor::keep_new() {
  if (std::exchange(is_new_, false)) return file_.sync();
  return {};
}

/// The lock is held.
result<void> anchor::update(const segment_head& to, sqlite::database& db, std::int64_t now_us) {
  auto text = file_.read();
  if (!text) return text.error();
  // Else nobody but this writer has moved it.
  if (last_text_.empty() || *text != last_text_ || to.id <= last_.head.id) {
    auto content = anchor_of_text(*text);
    if (!content && is_foreign_anchor(*text, anchor_name))
      return file_.cannot("it is a file of something else: name another");
    if (!content) return begin(to, db, now_us);
    last_ = std::move(*content);
    const auto hash = read_hash(db, last_.head.id);
    if (!hash) return hash.error();
    const bool lost = last_.head.id != 0 && *hash != last_.head.hash;
    // Ours may be older than what another process has committed and written since.
    if (!lost && last_.head.id >= to.id) {
      last_text_ = std::move(*text);
      return {};
    }
    if (lost && last_.lost.size() < lost_max) last_.lost.push_back(last_.head);
  }
  anchor_content next = last_;
  next.head = to;
  return write(next);
}

result<void> anchor::accept(sqlite::database& db, std::int64_t now_us) {
  if (auto locked = file_.lock(anchor_file::open_tries); !locked) return locked;
  const auto head = read_head(db);
  result<void> done;
  if (!head)
    done = head.error();
  else
    done = write({.head = *head, .since = 0, .since_us = now_us});
  file_.unlock();
  return done;
}

result<void> anchor::write(const anchor_content& content) {
  std::string text = to_text(content);
  if (auto done = file_.write(text); !done) return done;
  last_ = content;
  last_text_ = std::move(text);
  return {};
}

}  // namespace ark::detail
