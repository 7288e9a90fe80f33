#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/shared/arguments.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/edit_options.hpp"
#include "tools/shared/remote_options.hpp"
#include "tools/shared/run_tool.hpp"

/// Has a provider make a video from a prompt, pictures, clips and sound: sends the request, asks
/// after the job until it is finished, and saves what came of it.
namespace editprep::tools::generate_video {

/// What --image is for.
enum class Mode { text, animate, reference };
/// How --image goes to an OpenAI-compatible provider.
enum class ImageTransport { automatic, path, data_url };
/// How an OpenAI-compatible provider wants `seconds`.
enum class SecondsAs { automatic, number, text };

/// A character or an object of the video: files or URLs.
struct Element {
    /// May be empty where the model wants none.
    std::string frontal{};
    std::vector<std::string> references{};
};

struct Options {
    /// As it was typed.
    std::string prompt{};
    /// A job to go on with in the place of a new one.
    std::string resume{};

    std::string provider{};
    std::string config{};
    std::string model{};
    /// Empty leaves the choice to what is sent.
    std::string endpoint{};
    std::string status_template = "/videos/{id}";
    /// Nothing leaves the choice to what is sent.
    std::optional<RequestForm> request_form{};
    SecondsAs seconds_as = SecondsAs::automatic;
    RemoteGroup remote{.timeout_seconds = 600};
    /// Files travel inside the JSON to fal whatever their size.
    bool inline_files = false;
    /// Seconds; nothing for the provider's usual.
    std::optional<double> poll_interval{};
    std::optional<int> max_polls{};

    std::optional<std::string> size{};
    std::optional<std::string> duration{};
    std::optional<int> seconds{};
    std::optional<int> fps{};
    std::optional<std::int64_t> seed{};
    std::optional<std::string> preset{};
    std::optional<std::string> aspect_ratio{};
    std::optional<std::string> resolution{};
    std::optional<bool> generate_audio{};
    std::optional<bool> keep_audio{};
    std::optional<std::string> shot_type{};

    std::optional<std::string> image{};
    Mode mode = Mode::text;
    ImageTransport image_transport = ImageTransport::automatic;
    std::optional<std::string> image_field{};
    std::optional<std::string> input_reference{};
    /// As the user knows it; another command may have one of its own for this.
    std::string input_reference_option = "--input-reference";
    /// Files or URLs, here and below.
    std::vector<std::string> videos{};
    std::vector<std::string> reference_images{};
    std::vector<std::string> reference_audio{};
    std::vector<Element> elements{};
    std::optional<std::string> end_image{};

    /// Unset: the default folder for videos.
    std::optional<std::string> out_dir{};
    std::string prefix = "generated-video";
    bool no_download = false;
    bool print_json = false;
    bool quiet = false;
};

/// The word of a mode.
[[nodiscard]] const char* name_of(Mode mode) noexcept;

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// What parse() accepts.
[[nodiscard]] std::vector<KnownOption> known_options();

/// Asks the provider, waits, saves the video, prints the result.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::generate_video
