#pragma once
#include "dialect/gemini/gemini_wire.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The parts that gemini_interactions is made of; nobody else's business. An interaction is a list
// of steps: user_input, thought, model_output, function_call, function_result, and the vendor's
// own.
namespace ark::adapters::interactions {

using dialect::reply_builder;
using json::element;

/// Writes `system_instruction` and `input`, a list of steps. What cannot be said is told to `gate`.
void write_input(const call& c, json::writer& out, dialect::parameter_gate& gate,
                 std::vector<std::string>& notes);

result<dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                     bool stream);

/// Turns steps into parts of the reply, streamed or whole. Steps that the library has no part for
/// (the vendor's own tools, images, ...) are kept whole as opaque reasoning parts, beside an
/// `unknown` event.
class step_reader {
 public:
  /// step.start: what a stream's step begins with.
  void begin(std::int64_t index, element step, reply_builder& out);
  /// step.delta
  void delta(std::int64_t index, element delta, reply_builder& out);
  /// step.stop
  void end(std::int64_t index, reply_builder& out);
  /// No more steps will come.
  void end_all(reply_builder& out);
  /// A whole reply's list.
  void read(element steps, reply_builder& out);
  bool saw_step() const noexcept { return saw_step_; }
  int calls() const noexcept { return calls_; }

 private:
  /// A step that has begun and not ended.
  struct open_step {
    std::int64_t index = 0;
    std::string type;
    int call = -1;                ///< of a function_call: its index in the reply
    std::string first_arguments;  ///< those of the start, which count if no others come
    bool has_arguments = false;
    std::vector<std::pair<std::string, std::string>> members;  ///< of a kept step, as JSON texts
  };
  open_step* find(std::int64_t index);
  void begin_call(open_step& step, element e, reply_builder& out);
  void content(element list, reply_builder& out);
  void one_content(element item, reply_builder& out);
  static void summary(element item, reply_builder& out);
  static void keep(open_step& step, element e);
  void close(open_step& step, reply_builder& out);

  std::vector<open_step> open_;
  int calls_ = 0;
  bool saw_step_ = false;
};

/// Reads the interaction: of a whole reply, or of a stream's frames.
class interaction_reader {
 public:
  explicit interaction_reader(const vendor& v) : vendor_(v), quirks_(v) {}
  void start(element interaction, reply_builder& out);
  /// Steps that were not streamed, usage and status. Fails `out` when the status is no answer's.
  void end(element interaction, reply_builder& out);
  step_reader& steps() noexcept { return steps_; }

 private:
  void usage(element interaction, reply_builder& out);
  void finish(std::string_view status, element interaction, reply_builder& out);

  const vendor& vendor_;
  dialect::quirk_view quirks_;
  step_reader steps_;
  gemini::usage_fields usage_;
};

/// Is this an interaction with steps? Those of the API's first revision had `outputs`.
bool is_interaction(element root) noexcept;

}  // namespace ark::adapters::interactions
