#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "tools/reference_media/reference_media.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools::reference_media {
namespace {

constexpr const char* kPurpose =
    "Has a picture or a video made from a prompt and reference pictures.";

using Word = std::optional<std::string_view>;

constexpr Choice<Mode> kModes[] = {{"image", Mode::image}, {"video", Mode::video}};
constexpr Choice<Transport> kTransports[] = {{"auto", Transport::automatic},
                                             {"none", Transport::none},
                                             {"provider-json", Transport::provider_json}};
constexpr Choice<Word> kVideoReferenceModes[] = {{"reference", "reference"},
                                                 {"animate", "animate"}};
constexpr Choice<Word> kNsfw[] = {{"true", "true"}, {"false", "false"}};
constexpr Choice<Word> kPresets[] = {
    {"normal", "normal"}, {"fun", "fun"}, {"spicy", "spicy"}, {"custom", "custom"}};

/// Options with their values on their way to another command. A repeated one replaces its earlier
/// value.
using Forwarded = std::vector<std::pair<std::string, std::string>>;

void set(Forwarded& words, const std::string& name, const std::string& value) {
    const auto same = std::ranges::find(words, name, &Forwarded::value_type::first);
    if (same == words.end()) {
        words.emplace_back(name, value);
    } else {
        same->second = value;
    }
}

void append(Words& words, const Forwarded& forwarded) {
    for (const auto& [name, value] : forwarded) {
        if (value.starts_with("--")) {
            words.push_back(name + '=' + value);
        } else {
            words.insert(words.end(), {name, value});
        }
    }
}

struct Given {
    Options options{};
    std::string prompt{};
    Forwarded shared{};
    Forwarded image{};
    Forwarded video{};
    Word nsfw{};
    Word preset{};
    Word video_reference_mode{};
    RemoteGroup remote{};
    bool no_download = false;
};

/// Whether the value is one is asked of the other command.
void forward(CommandLine& line, const std::string& name, Forwarded& words, const OptionText& text) {
    line.custom(
        name, [&words, name](const std::string& value) { set(words, name, value); }, text);
}

void declare_input(CommandLine& line, Given& given) {
    Options& options = given.options;
    line.section("Input");
    line.text("--prompt", given.prompt,
              {.help = "What the result should show", .placeholder = "TEXT", .required = true});
    line.choice("--mode", options.mode, kModes,
                {.help = "What to make; options of the other are accepted and have no effect"});
    line.texts("--reference-image", options.reference_images,
               {.help = "Picture for style or content; repeatable. For a video an "
                        "OpenAI-compatible provider takes one",
                .placeholder = "FILE"});
    line.text("--reference-key", options.reference_key,
              {.help = "Member of a request for a picture that holds the references; for fal, "
                       "unless it is this one, a field of the model",
               .placeholder = "NAME"});
    line.choice("--transport", options.transport, kTransports,
                {.help = "How references go into a request for a picture: in its JSON, with auto "
                         "a second time without them if that is refused, or not at all"});
}

void declare_picture(CommandLine& line, Given& given) {
    line.section("Picture or video");
    forward(line, "--size", given.shared,
            {.help = "Size, for example 1024x1024", .placeholder = "TEXT"});
    forward(line, "--seed", given.shared,
            {.help = "Number that makes a result repeatable", .placeholder = "N"});
    line.section("Picture");
    forward(line, "--quality", given.image,
            {.help = "Quality, in the provider's words", .placeholder = "TEXT"});
    forward(line, "--style", given.image,
            {.help = "Style, in the provider's words", .placeholder = "TEXT"});
    forward(line, "--background", given.image,
            {.help = "Background, in the provider's words", .placeholder = "TEXT"});
    forward(line, "--n", given.image,
            {.help = "How many pictures; all are saved", .placeholder = "N"});
    line.choice("--nsfw", given.nsfw, kNsfw,
                {.help = "Whether adult content is allowed, where the provider asks"});
}

void declare_video(CommandLine& line, Given& given) {
    line.section("Video");
    forward(line, "--duration", given.video,
            {.help = "Length in seconds, such as 6 or 6s", .placeholder = "TEXT"});
    forward(line, "--seconds", given.video,
            {.help = "The same as a number, and unchecked", .placeholder = "N"});
    forward(line, "--fps", given.video, {.help = "Frames a second", .placeholder = "N"});
    line.choice("--preset", given.preset, kPresets,
                {.help = "Style, for providers that have these"});
    forward(line, "--image", given.video,
            {.help = "Picture for the video to begin with, or to refer to",
             .placeholder = "FILE",
             .addition = true});
    line.choice("--video-reference-mode", given.video_reference_mode, kVideoReferenceModes,
                {.help = "Has no effect: an older form of this command had it", .addition = true});
    forward(line, "--status-endpoint-template", given.video,
            {.help = "Path to ask after a job, where the provider names none",
             .placeholder = "PATH",
             .default_text = "/videos/{id}"});
    forward(line, "--poll-interval", given.video,
            {.help = "Seconds between two looks at the job",
             .placeholder = "N",
             .default_text = "5.0; with fal up to 5",
             .addition = true});
    forward(line, "--max-polls", given.video,
            {.help = "How often to look at the job before leaving it to generate_video "
                     "--resume",
             .placeholder = "N",
             .default_text = "60; with fal for 30 minutes",
             .addition = true});
}

void declare_provider(CommandLine& line, Given& given) {
    line.section("Provider");
    forward(line, "--provider", given.shared,
            {.help = "Who makes it: fal, or an entry of the configuration file",
             .placeholder = "NAME",
             .default_text = "$OPENCLAW_MEDIA_PROVIDER, else the first entry by name, else fal"});
    forward(line, "--model", given.shared,
            {.help = "Model to use",
             .placeholder = "NAME",
             .default_text = "$OPENCLAW_MEDIA_IMAGE_MODEL or $OPENCLAW_MEDIA_VIDEO_MODEL; of "
                             "fal's models one that takes references"});
    forward(line, "--endpoint", given.shared,
            {.help = "Path of an OpenAI-compatible provider's endpoint",
             .placeholder = "PATH",
             .default_text = "/images/generations or /videos"});
    forward(line, "--config", given.shared,
            {.help = "Configuration file with the providers",
             .placeholder = "FILE",
             .default_text = "$OPENCLAW_CONFIG, else ~/.openclaw/openclaw.json"});
    given.remote.add_to(line, /*known_extra_json=*/false);
    forward(line, "--timeout", given.shared,
            {.help = "Seconds to wait for a connection, and for each piece of an answer",
             .placeholder = "N",
             .default_text = "300; for a video 600",
             .addition = true});
}

void declare_output(CommandLine& line, Given& given) {
    line.section("Output");
    forward(line, "--out-dir", given.shared,
            {.help = "Folder of the result; ROOT is $MEDIA_GENERATION_OUTPUT_ROOT, else tmp",
             .placeholder = "DIR",
             .default_text = "ROOT/images or ROOT/videos"});
    forward(line, "--prefix", given.shared,
            {.help = "How the names of new files begin",
             .placeholder = "TEXT",
             .default_text = "generated or generated-video"});
    line.flag_pair("--no-download", "--download", given.no_download,
                   {.help = "Do not save the result", .addition = true},
                   {.help = "Save it, which is the default", .addition = true});
    line.flag("--print-json", given.options.print_json,
              {.help = "Print one JSON document, with every attempt, instead of lines of text"});
    line.flag(
        "--quiet", given.options.quiet,
        {.help = "No notes and warnings on stderr; errors are always shown", .addition = true});
}

void declare(CommandLine& line, Given& given) {
    declare_input(line, given);
    declare_picture(line, given);
    declare_video(line, given);
    declare_provider(line, given);
    declare_output(line, given);
}

/// As the command of the mode takes them.
Words words_for(Mode mode, const Given& given) {
    const bool image = mode == Mode::image;
    Forwarded forwarded{{"--prompt", trimmed(given.prompt)}};
    for (const Forwarded& part : {given.shared, image ? given.image : given.video}) {
        forwarded.insert(forwarded.end(), part.begin(), part.end());
    }
    if (const Word word = image ? given.nsfw : given.preset) {
        forwarded.emplace_back(image ? "--nsfw" : "--preset", *word);
    }
    Words words;
    append(words, forwarded);
    for (const auto& [name, is_given] : {std::pair{"--no-download", given.no_download},
                                         {"--print-json", given.options.print_json},
                                         {"--quiet", given.options.quiet}}) {
        if (is_given) {
            words.emplace_back(name);
        }
    }
    return words;
}

std::vector<std::string> warnings_for(const Given& given) {
    std::vector<std::string> warnings;
    const auto image = std::ranges::find(given.video, "--image", &Forwarded::value_type::first);
    if (given.options.mode == Mode::image && image != given.video.end()) {
        warnings.emplace_back(
            "--image has no effect on a picture: it is for --mode video; references go by "
            "--reference-image");
    }
    if (given.video_reference_mode) {
        warnings.emplace_back("--video-reference-mode has no effect");
    }
    return warnings;
}

RemoteGroup with_timeout_of(const RemoteGroup& inner, RemoteGroup remote) {
    remote.timeout_seconds = inner.timeout_seconds;
    return remote;
}

/// Values of either mode are looked at, like those of every option.
void read_inner_words(Given& given) {
    Options& options = given.options;
    options.image = generate_image::parse(words_for(Mode::image, given));
    options.video = generate_video::parse(words_for(Mode::video, given));
    options.image.remote = with_timeout_of(options.image.remote, given.remote);
    options.video.remote = with_timeout_of(options.video.remote, given.remote);
    options.inner_words = words_for(options.mode, given);
    options.warnings = warnings_for(given);
}

}  // namespace

const char* name_of(Mode mode) noexcept { return mode == Mode::image ? "image" : "video"; }

const char* name_of(Transport transport) noexcept {
    switch (transport) {
        case Transport::none:
            return "none";
        case Transport::provider_json:
            return "provider-json";
        default:
            return "auto";
    }
}

Options parse(const Words& words, const std::string& command) {
    Given given;
    CommandLine line(command, kPurpose);
    declare(line, given);
    line.rule([&given] { read_inner_words(given); });
    line.parse(words);
    return std::move(given.options);
}

std::vector<KnownOption> known_options() {
    Given given;
    CommandLine line("reference_media", kPurpose);
    declare(line, given);
    return line.known_options();
}

}  // namespace editprep::tools::reference_media
