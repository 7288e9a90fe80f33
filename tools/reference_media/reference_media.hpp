#pragma once

#include <string>
#include <vector>

#include "tools/generate_image/generate_image.hpp"
#include "tools/generate_video/generate_video.hpp"
#include "tools/shared/arguments.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

/// Has a provider make a picture or a video after reference pictures.
namespace editprep::tools::reference_media {

enum class Mode { image, video };
/// How references go into a request for a picture.
enum class Transport {
    /// In the JSON; without them where the provider refuses that.
    automatic,
    none,
    provider_json,
};

struct Options {
    Mode mode = Mode::image;
    std::vector<std::string> reference_images{};
    std::string reference_key = generate_image::kReferenceKey;
    Transport transport = Transport::automatic;
    bool print_json = false;
    bool quiet = false;
    /// What the command of the mode is to do, but for the references.
    generate_image::Options image{};
    generate_video::Options video{};
    /// The same as it is typed, without what RemoteGroup has options for.
    Words inner_words{};
    /// What was given and has no effect, as lines for the story.
    std::vector<std::string> warnings{};

    /// How the provider is asked in either mode.
    [[nodiscard]] const RemoteGroup& remote() const noexcept { return image.remote; }
};

[[nodiscard]] const char* name_of(Mode mode) noexcept;
[[nodiscard]] const char* name_of(Transport transport) noexcept;

/// Touches no file. Throws UsageError or InfoRequest.
/// @param command the name that it goes by
[[nodiscard]] Options parse(const Words& words, const std::string& command = "reference_media");

/// What parse() accepts.
[[nodiscard]] std::vector<KnownOption> known_options();

/// Asks the provider, saves what it made, prints the result. A request for a picture that the
/// provider refuses with its references may be made a second time without them: see Transport.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::reference_media
