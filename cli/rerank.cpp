#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cli/call_options.hpp"
#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/reply_text.hpp"
#include "cli/whole_reply.hpp"

namespace ark::cli {
namespace {

struct rerank_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::string query;
  std::vector<std::string> documents;
  std::optional<std::int64_t> top;
};

/// One line for each: the score, a tab, the document.
void print_ranking(output& out, const std::vector<ranked_document>& ranking,
                   const std::vector<std::string>& documents) {
  for (const auto& each : ranking) {
    std::string document = printable(documents[each.index]);
    std::replace(document.begin(), document.end(), '\n', ' ');
    out.line(fmt::format("{:.6g}\t{}", each.score, document));
  }
}

exit_code rerank(context& ctx, const rerank_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  rerank_call asked;
  if (auto ok = apply(*o.common, **all, asked); !ok) return ctx.fail(ok.error());
  auto documents = texts_of(ctx, o.documents, true);
  if (!documents) return ctx.fail(documents.error());
  asked.query = o.query;
  asked.documents = *documents;
  asked.top_n = o.top;
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto answer = whole_reply(ctx, *client, std::move(asked), &client::rerank_async);
  if (!answer) return fail_call(ctx, answer.error());
  if (ctx.json())
    ctx.out.line(rerank_json(*answer));
  else
    print_ranking(ctx.out, answer->results, *documents);
  return tell_rest(ctx, *answer);
}

}  // namespace

void define_rerank(command& c) {
  c.examples({{"ark rerank -m cohere/rerank-v3.5 'capital of Peru' 'Rome is old.' 'Lima is big.'",
               "score and document, the best first"},
              {"ark rerank -m cohere/rerank-v3.5 --top 3 refunds < paragraphs.txt",
               "one document for each line of a file, the best three"}});
  auto o = c.options<rerank_options>();
  c.parameters()
      .add_option("QUERY", o->query, "What the documents should answer")
      .required()
      .type_name("");
  c.parameters()
      .add_option("DOCUMENT", o->documents,
                  "Documents; - is standard input, a document to a line, as is none at all")
      .type_name("");
  add_call_options(c.parameters(), o->common);
  c.parameters().add_option("--top", o->top, "Only the best so many").type_name("N").positive();
  c.run([o](context& ctx) { return rerank(ctx, *o); });
}

}  // namespace ark::cli
