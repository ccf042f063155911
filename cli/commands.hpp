#pragma once
#include "cli/command.hpp"
#include "cli/context.hpp"

/// One function for each command; the list is in commands.cpp.
namespace ark::cli {

void define_chat(command& c);
void define_batch(command& c);
void define_budget(command& c);
void define_cache(command& c);
void define_contents(command& c);
void define_cost(command& c);
void define_count(command& c);
void define_doctor(command& c);
void define_embed(command& c);
void define_files(command& c);
void define_image(command& c);
void define_moderate(command& c);
void define_prices(command& c);
void define_rerank(command& c);
void define_speech(command& c);
void define_tokens(command& c);
void define_transcribe(command& c);
void define_video(command& c);
void define_keys(command& c);
void define_models(command& c);
void define_complete(command& c);
void define_completion(command& c);
void define_config(command& c);
void define_ledger(command& c);
void define_prompt(command& c);
void define_quote(command& c);
void define_eval(command& c);
void define_man(command& c);
void define_replay(command& c);
void define_sim(command& c);

}  // namespace ark::cli
