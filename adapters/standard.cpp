// The one place that knows every part: which dialects there are and what a client is made of.
#include <ark/client.hpp>

#include "adapters/dialect/anthropic_complete/anthropic_complete.hpp"
#include "adapters/dialect/anthropic_messages.hpp"
#include "adapters/dialect/bedrock/bedrock_converse.hpp"
#include "adapters/dialect/bedrock_invoke/bedrock_invoke.hpp"
#include "adapters/dialect/cloudflare_run/cloudflare_run.hpp"
#include "adapters/dialect/cohere/cohere_chat.hpp"
#include "adapters/dialect/cohere/cohere_v1.hpp"
#include "adapters/dialect/dashscope/dashscope_access.hpp"
#include "adapters/dialect/dashscope/dashscope_native.hpp"
#include "adapters/dialect/gemini/gemini_content.hpp"
#include "adapters/dialect/gemini_interactions/gemini_interactions.hpp"
#include "adapters/dialect/http_json/http_json.hpp"
#include "adapters/dialect/huawei/huawei_access.hpp"
#include "adapters/dialect/inflection/inflection_native.hpp"
#include "adapters/dialect/ollama/ollama_chat.hpp"
#include "adapters/dialect/openai_chat.hpp"
#include "adapters/dialect/openai_responses/openai_responses.hpp"
#include "adapters/dialect/qianfan/qianfan_v1.hpp"
#include "adapters/dialect/sensenova/sensenova_native.hpp"
#include "adapters/dialect/skywork/skywork_chat.hpp"
#include "adapters/dialect/spark/spark_ws.hpp"
#include "adapters/dialect/tencent/tencent_native.hpp"
#include "adapters/dialect/text_completion/text_completion.hpp"
#include "adapters/dialect/vertex_messages/vertex_messages.hpp"
#include "adapters/dialect/volcengine/volcengine_access.hpp"
#include "adapters/job/anthropic_jobs.hpp"
#include "adapters/job/gemini_jobs.hpp"
#include "adapters/job/mistral_jobs.hpp"
#include "adapters/job/model_lists.hpp"
#include "adapters/job/modelark_jobs.hpp"
#include "adapters/job/openai_jobs.hpp"
#include "adapters/job/together_jobs.hpp"
#include "adapters/job/xai_jobs.hpp"
#include "adapters/media/bfl_images.hpp"
#include "adapters/media/dashscope_media.hpp"
#include "adapters/media/gemini_videos.hpp"
#include "adapters/media/imagen_images.hpp"
#include "adapters/media/minimax_media.hpp"
#include "adapters/media/modelark_videos.hpp"
#include "adapters/media/openai_media.hpp"
#include "adapters/media/openai_videos.hpp"
#include "adapters/media/replicate_images.hpp"
#include "adapters/media/siliconflow_videos.hpp"
#include "adapters/media/skywork_images.hpp"
#include "adapters/media/stability_images.hpp"
#include "adapters/media/zhipu_videos.hpp"
#include "adapters/rows.hpp"
#include "adapters/standard.hpp"
#include "catalog/catalog.hpp"
#include "client/core.hpp"
#include "ledger/content_folder.hpp"
#include "ledger/ledger_journal.hpp"
#include "net/transport.hpp"
#include "reuse/response_cache_state.hpp"

namespace ark {

dialect::dialect_list adapters::built_in_dialects() {
  return dialect::dialect_list(
      {
          &openai_chat(),         &anthropic_messages(), &http_json(),          &cohere_chat(),
          &openai_responses(),    &gemini_content(),     &ollama_chat(),        &dashscope_native(),
          &tencent_native(),      &bedrock_converse(),   &bedrock_invoke(),     &cloudflare_run(),
          &vertex_messages(),     &text_completion(),    &anthropic_complete(), &cohere_v1(),
          &gemini_interactions(), &sensenova_native(),   &spark_ws(),           &skywork_chat(),
          &inflection_native(),   &qianfan_v1(),
      },
      {
          &openai_media(),
          &stability_images(),
          &imagen_images(),
          &skywork_images(),
          &modelark_videos(),
          &bfl_images(),
          &dashscope_media(),
          &gemini_videos(),
          &replicate_images(),
          &minimax_media(),
          &openai_videos(),
          &zhipu_videos(),
          &siliconflow_videos(),
      },
      {
          &openai_jobs(),
          &gemini_jobs(),
          &modelark_jobs(),
          &anthropic_jobs(),
          &xai_jobs(),
          &mistral_jobs(),
          &together_jobs(),
          &cohere_models(),
          &cloudflare_models(),
          &ollama_models(),
          &perplexity_models(),
          &pollinations_models(),
      },
      {&volcengine_access(), &dashscope_access(), &qianfan_oauth(), &qianfan_bearer(),
       &huawei_iam()});
}

result<client> make_client(client_options options) {
  auto book = catalog::load_book({adapters::vendor_rows(), adapters::model_rows()},
                                 options.vendor_directories, options.model_directories);
  if (!book) return book.error();
  auto parts = std::make_shared<core>();
  parts->book = std::move(*book);
  parts->dialects = std::make_shared<dialect::dialect_list>(adapters::built_in_dialects());
  parts->os = &os::real();
  parts->loop = net::make_loop(options.executor);
  parts->transport = net::make_transport(parts->loop, options.network);
  parts->recorder = std::make_shared<recorder>(parts->loop, journal_of(options.ledger));
  parts->contents = options.contents.folder();
  parts->observers = options.observers;
  if (options.telemetry.enabled) {
    auto exporter =
        telemetry::exporter::make(options.telemetry, {parts->loop, parts->transport, parts->os});
    if (!exporter) return exporter.error();
    parts->exporter = std::move(*exporter);
    parts->observers.push_back(parts->exporter);
  }
  parts->replies = detail::reply_store_of(options.response_cache);
  if (!options.rate_limits.file.empty()) {
    auto shared = rate_table::open(options.rate_limits.file);
    if (!shared) return shared.error();
    parts->traffic.rates = std::move(*shared);
  }
  parts->options = std::move(options);
  return make_client(std::move(parts));
}

client standard_client(client_options options) { return make_client(std::move(options)).value(); }

}  // namespace ark
