#include <limits>
#include <string_view>

#include "tools/generate_video/generate_video.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools::generate_video {
namespace {

constexpr const char* kCommand = "generate_video";
constexpr const char* kPurpose =
    "Has a video made from a prompt, pictures and clips, waits for it and saves it. A job that "
    "takes longer stays in the list of jobs.";

constexpr Choice<Mode> kModes[] = {
    {"text", Mode::text}, {"animate", Mode::animate}, {"reference", Mode::reference}};
constexpr Choice<ImageTransport> kTransports[] = {{"auto", ImageTransport::automatic},
                                                  {"path", ImageTransport::path},
                                                  {"data-url", ImageTransport::data_url}};
constexpr Choice<std::optional<std::string_view>> kImageFields[] = {
    {"image", "image"},
    {"input_image", "input_image"},
    {"first_frame_image", "first_frame_image"},
    {"reference_images", "reference_images"}};
constexpr Choice<std::optional<std::string_view>> kPresets[] = {
    {"normal", "normal"}, {"fun", "fun"}, {"spicy", "spicy"}, {"custom", "custom"}};
constexpr Choice<SecondsAs> kSecondsAs[] = {
    {"auto", SecondsAs::automatic}, {"number", SecondsAs::number}, {"string", SecondsAs::text}};
constexpr Choice<std::optional<RequestForm>> kForms[] = {{"json", RequestForm::json},
                                                         {"multipart", RequestForm::multipart}};

/// Polls are not rarer than once a day.
constexpr double kLongestInterval = 86'400;

double to_interval(const std::string& text) {
    const auto seconds = parse_number(text);
    if (!seconds) {
        throw UsageError("argument --poll-interval: invalid float value: '" + text + "'");
    }
    if (*seconds < 0 || *seconds > kLongestInterval) {
        throw UsageError("argument --poll-interval: must be between 0 and a day: '" + text + "'");
    }
    return *seconds;
}

Element to_element(const std::string& text) {
    Element element;
    std::size_t begin = 0;
    for (bool frontal = true; begin <= text.size(); frontal = false) {
        const std::size_t comma = std::min(text.find(',', begin), text.size());
        const std::string file = text.substr(begin, comma - begin);
        if (frontal) {
            element.frontal = file;
        } else if (!file.empty()) {
            element.references.push_back(file);
        }
        begin = comma + 1;
    }
    if (element.frontal.empty() && element.references.empty()) {
        throw UsageError("argument --element: expected FRONTAL[,REFERENCE...], got '" + text + "'");
    }
    return element;
}

void add_attachments(CommandLine& line, Options& options) {
    line.section("Attachments");
    line.file("--image", options.image,
              {.help = "Picture for the video to begin with, or to refer to: see --mode",
               .placeholder = "FILE"});
    line.choice("--mode", options.mode, kModes,
                {.help = "What --image is for: nothing special, the first frame, a reference"});
    line.file("--input-reference", options.input_reference,
              {.help = "File that goes to an OpenAI-compatible provider as it is, in a form",
               .placeholder = "FILE"});
    line.texts("--video", options.videos,
               {.help = "Clip to edit or to refer to, @Video1 in the prompt; repeatable",
                .placeholder = "FILE|URL",
                .addition = true});
    line.texts("--reference-image", options.reference_images,
               {.help = "Picture for style or content, @Image1 in the prompt; repeatable",
                .placeholder = "FILE|URL",
                .addition = true});
    line.texts("--reference-audio", options.reference_audio,
               {.help = "Sound, @Audio1 in the prompt; repeatable",
                .placeholder = "FILE|URL",
                .addition = true});
    line.custom(
        "--element",
        [&options](const std::string& text) { options.elements.push_back(to_element(text)); },
        {.help = "Character or object: a picture of its front, then others, with commas between "
                 "(names with commas go by --extra-json); @Element1 in the prompt; repeatable",
         .placeholder = "FRONTAL[,OTHER]...",
         .addition = true,
         .repeatable = true});
    line.file(
        "--end-image", options.end_image,
        {.help = "Picture for the video to end with", .placeholder = "FILE|URL", .addition = true});
}

void add_video_options(CommandLine& line, Options& options,
                       std::optional<std::string_view>& preset) {
    line.section("Video");
    line.text("--size", options.size,
              {.help = "Size, for example 1280x720", .placeholder = "TEXT"});
    line.text("--duration", options.duration,
              {.help = "Length in seconds, such as 6 or 6s", .placeholder = "TEXT"});
    line.integer("--seconds", options.seconds,
                 {.help = "The same as a number, and unchecked", .placeholder = "N"});
    line.integer("--fps", options.fps, {.help = "Frames a second", .placeholder = "N"});
    line.integer("--seed", options.seed,
                 {.help = "Number that makes a result repeatable", .placeholder = "N"});
    line.choice("--preset", preset, kPresets, {.help = "Style, for providers that have these"});
    line.text("--aspect-ratio", options.aspect_ratio,
              {.help = "Shape, for example 16:9", .placeholder = "TEXT", .addition = true});
    line.text("--resolution", options.resolution,
              {.help = "Resolution, for example 720p", .placeholder = "TEXT", .addition = true});
    line.flag_pair("--generate-audio", "--no-generate-audio", options.generate_audio,
                   {.help = "Have sound made too", .addition = true},
                   {.help = "Have a silent video made", .addition = true});
    line.flag_pair(
        "--keep-audio", "--no-keep-audio", options.keep_audio,
        {.help = "Keep the sound of an edited clip, which is the default", .addition = true},
        {.help = "Drop it", .addition = true});
    line.text(
        "--shot-type", options.shot_type,
        {.help = "Kind of shot, in the model's words", .placeholder = "TEXT", .addition = true});
}

void add_provider_options(CommandLine& line, Options& options,
                          std::optional<std::string_view>& image_field) {
    line.section("Provider");
    line.text("--provider", options.provider,
              {.help = "Who makes the video: fal, or an entry of the configuration file",
               .placeholder = "NAME",
               .default_text = "$OPENCLAW_MEDIA_PROVIDER, else the first entry by name, else fal"});
    line.text("--model", options.model,
              {.help = "Model to use",
               .placeholder = "NAME",
               .default_text = "$OPENCLAW_MEDIA_VIDEO_MODEL; of fal's models one that fits"});
    line.text("--config", options.config,
              {.help = "Configuration file with the providers",
               .placeholder = "FILE",
               .default_text = "$OPENCLAW_CONFIG, else ~/.openclaw/openclaw.json"});
    options.remote.add_to(line, /*known_extra_json=*/true);
    line.flag("--inline", options.inline_files,
              {.help = "Send files inside the JSON to fal, whatever their size", .addition = true});
    add_timeout(line, options.remote);

    line.section("OpenAI-compatible providers");
    line.text("--endpoint", options.endpoint,
              {.help = "Path of the endpoint",
               .placeholder = "PATH",
               .default_text = "/videos, with --video /videos/edits"});
    line.text(
        "--status-endpoint-template", options.status_template,
        {.help = "Path to ask after a job, where the provider names none", .placeholder = "PATH"});
    line.choice("--image-transport", options.image_transport, kTransports,
                {.help = "How --image travels: auto is data-url"});
    line.choice("--image-field", image_field, kImageFields,
                {.help = "Member of the request for --image", .default_text = "by --mode"});
    line.choice("--request-form", options.request_form, kForms,
                {.help = "Form of the request",
                 .default_text = "json, with files of their own multipart",
                 .addition = true});
    line.choice("--seconds-as", options.seconds_as, kSecondsAs,
                {.help = "How the length is written", .addition = true});
}

void add_wait_options(CommandLine& line, Options& options) {
    line.section("Waiting");
    line.custom("--poll-interval",
                [&options](const std::string& text) { options.poll_interval = to_interval(text); },
                {.help = "Seconds between two looks at the job",
                 .placeholder = "N",
                 .default_text = "5.0; with fal up to 5"});
    line.integer("--max-polls", options.max_polls,
                 {.help = "How often to look at the job before leaving it to --resume",
                  .placeholder = "N",
                  .default_text = "60; with fal for 30 minutes"});
    line.text("--resume", options.resume,
              {.help = "Go on with a job of the list in the place of a new one: its number, or the "
                       "provider's id",
               .placeholder = "JOB",
               .addition = true});
}

void add_output_options(CommandLine& line, Options& options) {
    line.section("Output");
    line.text("--out-dir", options.out_dir,
              {.help = "Folder of the result; ROOT is $MEDIA_GENERATION_OUTPUT_ROOT, else tmp",
               .placeholder = "DIR",
               .default_text = "ROOT/videos"});
    line.text("--prefix", options.prefix,
              {.help = "How the names of new files begin", .placeholder = "TEXT"});
    line.flag_pair("--no-download", "--download", options.no_download,
                   {.help = "Do not save the video"}, {.help = "Save it, which is the default"});
    line.flag("--print-json", options.print_json,
              {.help = "Print one JSON document instead of lines of text"});
    line.flag(
        "--quiet", options.quiet,
        {.help = "No notes and warnings on stderr; errors are always shown", .addition = true});
}

/// Which of the two a command line has to have cannot be declared.
void require_prompt(const Options& options, bool prompt_given) {
    if (!prompt_given && options.resume.empty()) {
        throw UsageError("the following arguments are required: --prompt");
    }
}

/// A job that is there already has its provider, its model and its input.
void refuse_input_of_resumed(const Options& options, bool prompt_given) {
    const bool other_input =
        prompt_given || options.image || options.end_image || options.input_reference ||
        !options.videos.empty() || !options.reference_images.empty() ||
        !options.reference_audio.empty() || !options.elements.empty() || !options.model.empty() ||
        !options.provider.empty() || options.remote.dry_run;
    if (!options.resume.empty() && other_input) {
        throw UsageError(
            "argument --resume: the job has its provider, its model and its input; leave out "
            "--prompt, --model, --provider, --dry-run and what was attached");
    }
}

std::optional<std::string> as_text(std::optional<std::string_view> word) {
    return word ? std::optional(std::string(*word)) : std::nullopt;
}

/// Words that are only understood once all are there.
struct Given {
    std::optional<std::string> prompt{};
    std::optional<std::string_view> preset{};
    std::optional<std::string_view> image_field{};
};

void declare(CommandLine& line, Options& options, Given& given) {
    line.section("Input");
    line.text("--prompt", given.prompt,
              {.help = "What the video should show; needed unless a job is resumed",
               .placeholder = "TEXT"});
    add_attachments(line, options);
    add_video_options(line, options, given.preset);
    add_provider_options(line, options, given.image_field);
    add_wait_options(line, options);
    add_output_options(line, options);
}

}  // namespace

const char* name_of(Mode mode) noexcept {
    switch (mode) {
        case Mode::animate:
            return "animate";
        case Mode::reference:
            return "reference";
        default:
            return "text";
    }
}

Options parse(const Words& words) {
    Options options;
    Given given;
    CommandLine line(kCommand, kPurpose);
    declare(line, options, given);
    line.rule([&] {
        require_prompt(options, given.prompt.has_value());
        refuse_input_of_resumed(options, given.prompt.has_value());
    });
    line.parse(words);
    options.prompt = given.prompt.value_or("");
    options.preset = as_text(given.preset);
    options.image_field = as_text(given.image_field);
    return options;
}

std::vector<KnownOption> known_options() {
    Options options;
    Given given;
    CommandLine line(kCommand, kPurpose);
    declare(line, options, given);
    return line.known_options();
}

}  // namespace editprep::tools::generate_video
