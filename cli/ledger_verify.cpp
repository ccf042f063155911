#include "cli/ledger_verify.hpp"

#include <charconv>

#include "cli/context.hpp"

namespace ark::cli {
namespace {

struct verify_options {
  std::string head;
  int threads = 0;
  bool pages = false;
  bool rebuild_sums = false;
};

struct head_options {
  bool accept = false;
};

std::string head_text(const ledger_head& head) {
  return std::to_string(head.segment) + ":" + head.hash;
}

/// "20:9f86d0...".
result<ledger_head> head_of(std::string_view text) {
  ledger_head head;
  const auto colon = text.find(':');
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + std::min(colon, text.size()), head.segment);
  const bool good = colon != std::string_view::npos && failed == std::errc() &&
                    end == text.data() + colon && head.segment > 0 &&
                    text.size() - colon - 1 == 64 &&
                    text.find_first_not_of("0123456789abcdef", colon + 1) == std::string_view::npos;
  if (!good)
    return error{.code = errc::invalid_request,
                 .message = "--head: write ID:HASH, as `ark ledger head` prints it"};
  head.hash = text.substr(colon + 1);
  return head;
}

result<ark::ledger> open_book(context& ctx, bool read_only) {
  auto book = ctx.open_ledger(read_only);
  if (book && !*book)
    return error{.code = errc::invalid_request,
                 .message = "there is no ledger: leave out --no-ledger, or set ledger.path"};
  return book;
}

std::string check_json(const ledger_check& check) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  w.key("good");
  w.boolean(check.good());
  const std::pair<const char*, std::int64_t> numbers[] = {{"intents", check.intents},
                                                          {"outcomes", check.outcomes},
                                                          {"corrections", check.corrections},
                                                          {"segments", check.segments},
                                                          {"older_segments", check.older},
                                                          {"unchained", check.unchained},
                                                          {"sums", check.sums},
                                                          {"anchor_behind", check.anchor_behind}};
  for (const auto& [name, number] : numbers) {
    w.key(name);
    w.number(number);
  }
  add_head(w, "head", check.head);
  if (check.anchor) add_head(w, "anchor", *check.anchor);
  w.key("findings");
  w.begin_array();
  for (const auto& f : check.findings) add_finding(w, f);
  w.end_array();
  w.key("more_findings");
  w.number(check.more_findings);
  w.end_object();
  return text;
}

constexpr std::size_t shown_findings_max = 20;

void print_check(output& out, const ledger_check& check) {
  for (std::size_t i = 0; i < check.findings.size() && i < shown_findings_max; ++i) {
    const auto& f = check.findings[i];
    out.line(std::string(to_string(f.what)) + ": " + f.text);
  }
  const auto left = static_cast<std::int64_t>(check.findings.size()) + check.more_findings -
                    static_cast<std::int64_t>(shown_findings_max);
  if (left > 0) out.line("and " + std::to_string(left) + " more (--json shows 1000)");
  out.line(std::to_string(check.intents) + " attempts, " + std::to_string(check.outcomes) +
           " outcomes, " + std::to_string(check.corrections) + " corrections in " +
           std::to_string(check.segments) + " segments; " + std::to_string(check.sums) + " sums");
  if (check.older > 0)
    out.line("the first " + std::to_string(check.older) +
             " segments were made for rows from before the chain: what was changed before that "
             "is not known");
  if (check.unchained > 0)
    out.line(std::to_string(check.unchained) +
             " rows are from before the chain: only how many they are is known");
  if (check.anchor_behind > 0)
    out.line("the anchor is " + std::to_string(check.anchor_behind) +
             " segments behind: a writer died before it moved it, or could not");
  if (check.head.segment > 0) out.line("head " + head_text(check.head));
  out.line(check.good() ? "good" : "NOT good");
}

exit_code verify(context& ctx, const verify_options& o) {
  ledger_verify_options options{.threads = o.threads, .pages = o.pages};
  if (!o.head.empty()) {
    const auto head = head_of(o.head);
    if (!head) return ctx.wrong_usage(head.error().message);
    options.head = *head;
  }
  const auto book = open_book(ctx, !o.rebuild_sums);
  if (!book) return ctx.fail(book.error());
  if (o.rebuild_sums)
    if (auto done = book->rebuild_rollups(); !done) return ctx.fail(done.error());
  const auto check = book->verify(options);
  if (!check) return ctx.fail(check.error());
  if (ctx.json())
    ctx.out.line(check_json(*check));
  else
    print_check(ctx.out, *check);
  return check->good() ? exit_code::ok : exit_code::no;
}

exit_code head(context& ctx, const head_options& o) {
  const auto book = open_book(ctx, !o.accept);
  if (!book) return ctx.fail(book.error());
  if (o.accept)
    if (auto done = book->accept_head(); !done) return ctx.fail(done.error());
  const auto last = book->head();
  if (!last) return ctx.fail(last.error());
  if (ctx.json()) {
    std::string text;
    json::writer w(text);
    w.begin_object();
    w.key("segment");
    w.number(last->segment);
    w.key("hash");
    w.string(last->hash);
    w.end_object();
    ctx.out.line(text);
  } else if (last->segment == 0) {
    ctx.note("nothing is recorded yet");
  } else {
    ctx.out.line(head_text(*last));
  }
  return exit_code::ok;
}

}  // namespace

void add_head(json::writer& w, const char* name, const ledger_head& head) {
  w.key(name);
  w.begin_object();
  w.key("segment");
  w.number(head.segment);
  w.key("hash");
  w.string(head.hash);
  w.end_object();
}

void add_finding(json::writer& w, const ledger_finding& f) {
  w.begin_object();
  w.key("what");
  w.string(to_string(f.what));
  w.key("segment");
  w.number(f.segment);
  w.key("sequence");
  w.number(f.sequence);
  w.key("text");
  w.string(f.text);
  w.end_object();
}

void define_ledger_verify(command& ledger) {
  auto c = ledger.verb("verify", "Check that nothing in the ledger was changed, added or cut off");
  c.examples({{"ark ledger verify", "rows, chain, end and sums; exit code 1 if anything is wrong"},
              {"ark ledger verify --head 812:9f86d081...", "against a head noted elsewhere"},
              {"ark ledger verify --pages --json", "with SQLite's own check, for a program"}});
  auto o = c.options<verify_options>();
  c.parameters()
      .add_option("--head", o->head,
                  "A head that `ark ledger head` printed: it must still be there")
      .type_name("ID:HASH");
  c.parameters()
      .add_option("--threads", o->threads, "So many threads; 0 for as many as there are cores")
      .type_name("COUNT")
      .between(0, 8);
  c.parameters().add_flag("--pages", o->pages, "SQLite's check of every page and index too");
  c.parameters().add_flag("--rebuild-sums", o->rebuild_sums,
                          "Make the roll-ups anew from the rows before");
  c.run([o](context& ctx) { return verify(ctx, *o); });
}

void define_ledger_head(command& ledger) {
  auto c = ledger.verb("head", "Print the last link of the ledger's chain, to note it elsewhere");
  c.examples({{"ark ledger head >> heads.txt", "keep it where the ledger's writers cannot write"},
              {"ark ledger head --accept", "after a known loss: the end is right as it is"}});
  auto o = c.options<head_options>();
  c.parameters().add_flag("--accept", o->accept,
                          "Make the anchor anew; what it knows to be lost is forgotten");
  c.run([o](context& ctx) { return head(ctx, *o); });
}

}  // namespace ark::cli
