#pragma once
#include <ark/call.hpp>
#include <ark/reply.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ark {

/// Makes images of a text, or changes those in `images` by it. Aggregates, as `call` is; `model` is
/// "vendor/model" or an id that one vendor has.
struct image_call {
  std::string model{};
  std::string prompt{};
  std::int64_t n = 1;                ///< how many
  std::string size{};                ///< "1024x1024"; "": the vendor's default
  std::string quality{};             ///< the vendor's word
  std::string output_format{};       ///< "png", "jpeg", "webp"; "": the vendor's default
  std::vector<image_part> images{};  ///< to be changed; none: made anew
  std::optional<image_part> mask{};  ///< where to change the first of them
  std::optional<std::int64_t> seed{};
  std::string negative_prompt{};  ///< what should not be seen
  /// The vendor's id of a task that an earlier call began and whose end it did not see (its error
  /// names it). Nothing is begun then: the task is asked for until it ends, which is free and not
  /// in the ledger.
  std::string task_id{};
  /// Vendor parameters by name, each a JSON text. The row's allow-list decides.
  std::map<std::string, std::string> extra{};
  ark::timeouts timeouts{};
  ark::retry_policy retry{};
  std::string tenant{};
  std::string user{};
  std::string task{};
  std::string run{};
  std::map<std::string, std::string> tags{};
};

/// One image: its bytes, or where they can be fetched for a time (the library does not fetch them).
struct generated_image {
  std::string bytes{};
  std::string url{};
  std::string media_type{};      ///< "image/png"; "" if nobody says
  std::string revised_prompt{};  ///< what the vendor made of the prompt
  friend bool operator==(const generated_image&, const generated_image&) = default;
};

/// What an image call gives.
struct image_reply : reply_facts {
  std::vector<generated_image> images{};
  std::string task_id{};  ///< where the vendor made them in the background
};

/// Makes a video of a text, of images, or of both. Vendors take minutes: give `timeouts.total`
/// room.
struct video_call {
  std::string model{};
  std::string prompt{};
  std::optional<image_part> first_frame{};
  std::optional<image_part> last_frame{};
  std::vector<image_part> references{};  ///< what should be seen in it
  std::optional<std::int64_t> duration_s{};
  std::string size{};        ///< "1280x720"; "": the vendor's default
  std::string resolution{};  ///< "720p"
  std::string ratio{};       ///< "16:9"
  std::optional<std::int64_t> seed{};
  std::string negative_prompt{};
  std::string task_id{};  ///< as of `image_call`
  std::map<std::string, std::string> extra{};
  ark::timeouts timeouts{};
  ark::retry_policy retry{};
  std::string tenant{};
  std::string user{};
  std::string task{};
  std::string run{};
  std::map<std::string, std::string> tags{};
};

/// One video: its bytes, or where they can be fetched for a time (the library does not fetch them).
struct generated_video {
  std::string bytes{};
  std::string url{};
  std::string media_type{};  ///< "video/mp4"; "" if nobody says
  friend bool operator==(const generated_video&, const generated_video&) = default;
};

/// What a video call gives.
struct video_reply : reply_facts {
  std::vector<generated_video> videos{};
  std::string last_frame_url{};        ///< an image; "" if there is none
  std::optional<double> duration_s{};  ///< of each
  std::string task_id{};               ///< where the vendor made them in the background
};

/// Reads a text aloud.
struct speech_call {
  std::string model{};
  std::string input{};
  std::string voice{};
  std::string instructions{};   ///< how to speak
  std::string output_format{};  ///< "mp3", "wav", ...; "": the vendor's default
  std::optional<double> speed{};
  std::map<std::string, std::string> extra{};
  ark::timeouts timeouts{};
  ark::retry_policy retry{};
  std::string tenant{};
  std::string user{};
  std::string task{};
  std::string run{};
  std::map<std::string, std::string> tags{};
};

/// A speech call's audio.
struct speech_reply : reply_facts {
  std::string bytes{};
  std::string media_type{};  ///< "audio/mpeg"; "" if nobody says
};

/// Writes down what is said.
struct transcription_call {
  std::string model{};
  std::string audio{};       ///< a file's bytes
  std::string file_name{};   ///< "talk.mp3": vendors tell the format by it
  std::string media_type{};  ///< "audio/mpeg"; "": told by the file's name
  std::string language{};    ///< ISO 639-1; "": the model finds it out
  std::string prompt{};      ///< words that may occur
  bool translate = false;    ///< into English
  bool timestamps = false;   ///< segments, where the model gives them
  std::optional<double> temperature{};
  std::map<std::string, std::string> extra{};
  ark::timeouts timeouts{};
  ark::retry_policy retry{};
  std::string tenant{};
  std::string user{};
  std::string task{};
  std::string run{};
  std::map<std::string, std::string> tags{};
};

/// A piece of a transcription and when it is said, in seconds from the beginning.
struct transcription_segment {
  double start_s = 0;
  double end_s = 0;
  std::string text{};
  std::string speaker{};  ///< "" if nobody says
  friend bool operator==(const transcription_segment&, const transcription_segment&) = default;
};

/// What is said in the audio.
struct transcription_reply : reply_facts {
  std::string text{};
  std::string language{};              ///< as the vendor names it; "" if it does not
  std::optional<double> duration_s{};  ///< of the audio
  std::vector<transcription_segment> segments{};
};

/// Is this text (or image) something that a policy forbids?
struct moderation_call {
  std::string model{};
  std::vector<std::string> input{};
  std::vector<image_part> images{};
  std::map<std::string, std::string> extra{};
  ark::timeouts timeouts{};
  ark::retry_policy retry{};
  std::string tenant{};
  std::string user{};
  std::string task{};
  std::string run{};
  std::map<std::string, std::string> tags{};
};

/// What the vendor thinks of one input. Categories have the vendor's names.
struct moderation_verdict {
  bool flagged = false;
  std::map<std::string, bool> categories{};  ///< which of them it is in
  std::map<std::string, double> scores{};    ///< 0 to 1; empty if the vendor gives none
  friend bool operator==(const moderation_verdict&, const moderation_verdict&) = default;
};

/// The verdicts of a moderation call.
struct moderation_reply : reply_facts {
  std::vector<moderation_verdict> results{};  ///< one for each input
};

/// How many tokens a call's prompt is, by the vendor's own count.
struct token_count_reply : reply_facts {
  std::int64_t input_tokens = 0;
};

}  // namespace ark
