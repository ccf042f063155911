#include "cli/commands.hpp"

namespace ark::cli {

const std::vector<command_entry>& all_commands() {
  // A new command: a line here, its function in commands.hpp, its file in meson.build.
  static const std::vector<command_entry> list = {
      {"chat", "Ask a model and print its answer", define_chat},
      {"embed", "Turn texts into vectors", define_embed},
      {"rerank", "Order documents by how well they answer a query", define_rerank},
      {"image", "Make an image of a text, or change one", define_image},
      {"video", "Make a video of a text or of images", define_video},
      {"speech", "Read a text aloud", define_speech},
      {"transcribe", "Write down what is said", define_transcribe},
      {"moderate", "Ask whether a policy forbids a text or an image", define_moderate},
      {"count", "Ask a vendor how many tokens a text is", define_count},
      {"tokens", "Count and encode texts by installed vocabularies, on this machine",
       define_tokens},
      {"batch", "Have many calls made when it suits the vendor, for less", define_batch},
      {"files", "Upload, list and fetch files that a vendor keeps", define_files},
      {"cache", "Caches: prompts that vendors keep, answers that are kept here", define_cache},
      {"models", "Look up models and their prices", define_models},
      {"prices", "Look up prices through time, and take over price lists", define_prices},
      {"cost", "Price worked cases exactly", define_cost},
      {"ledger", "Show what was used and what it cost", define_ledger},
      {"contents", "Show or remove prompts and replies that were kept", define_contents},
      {"budget", "Limit what is spent, and see what is left", define_budget},
      {"keys", "Store keys and show which there are", define_keys},
      {"config", "Show, check and change settings", define_config},
      {"quote", "Tokens and money of a call before it is made, for each model", define_quote},
      {"prompt", "Prompts in files: render, check, compare, label", define_prompt},
      {"eval", "Ask many questions, judge the answers, compare models", define_eval},
      {"sim", "Simulate vendors on loopback, with faults and a bill", define_sim},
      {"replay", "Run recorded answers through their dialect, without network", define_replay},
      {"doctor", "Check settings, keys, ledger and certificates", define_doctor},
      {"completion", "Print a completion script for a shell", define_completion},
      {"complete", "Print the words that a completion script offers", define_complete, true},
      {"man", "Print the manual page", define_man, true},
  };
  return list;
}

}  // namespace ark::cli
