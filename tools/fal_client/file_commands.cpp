#include <array>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "editprep/transport/body_source.hpp"
#include "editprep/transport/media_type.hpp"
#include "tools/clips/clip_check.hpp"
#include "tools/clips/limit_options.hpp"
#include "tools/fal_client/call_options.hpp"
#include "tools/fal_client/model_input.hpp"
#include "tools/fal_client/subcommands.hpp"
#include "tools/remote/file_type.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::fal_client {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;
/// Limits of the older client.
constexpr std::uint64_t kLargeBytes = 50 * kMebibyte;
constexpr std::uint64_t kLargestBytes = 200 * kMebibyte;
/// Big enough for few calls, small enough for the processor's cache.
constexpr std::size_t kPieceBytes = 96 << 10;

std::string_view type_of_content(transport::BodySource& content) {
    std::array<std::byte, 256> start{};
    const std::size_t size = content.read(start);
    content.rewind();
    return transport::media_type_of(std::span(start).first(size));
}

/// By content; the name decides where that shows nothing.
std::string_view type_of(transport::BodySource& content, const std::string& path) {
    const std::string_view type = type_of_content(content);
    return type == transport::kUnknownMediaType ? type_of_name(path) : type;
}

/// The file's content. An empty file is none that a model could use, or that is worth keeping.
transport::Body open_filled_file(const std::string& path) {
    transport::Body content = transport::file_body(path);
    if (content->size_bytes() == 0) {
        throw Failure(display_path(path) + " is empty; name a file with content");
    }
    return content;
}

/// By its name a picture or a clip, by its content nothing of the kind: whoever decodes it will
/// fail.
void warn_of_false_name(transport::BodySource& content, const std::string& path,
                        const Story& story) {
    const std::string_view named = type_of_name(path);
    if (named != transport::kUnknownMediaType &&
        type_of_content(content) == transport::kUnknownMediaType) {
        story.warn(display_path(path) + " does not begin as " + std::string(named) +
                   " does, which its name says it is; a model may refuse it");
    }
}

std::string megabytes(std::uint64_t size_bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1fMB",
                  static_cast<double>(size_bytes) / static_cast<double>(kMebibyte));
    return text;
}

void print_data_uri(const transport::Body& content, std::string_view media_type,
                    const Context& context) {
    const transport::Body uri = transport::data_uri_body(content, media_type);
    std::vector<std::byte> piece(kPieceBytes);
    while (const std::size_t size = uri->read(piece)) {
        context.out({reinterpret_cast<const char*>(piece.data()), size});
    }
    context.out("\n");
}

std::string require_file(CommandLine& line, const Words& words, Session& session) {
    std::optional<std::string> path;
    line.positional("FILE", path, "The file");
    session.parse(line, words, [&] { return path.has_value(); });
    return *path;
}

video::ClipLimits limits_for(const std::string& model, Session& session, const CommandLine& line) {
    try {
        return limits_of_model(session.models(), model).clip;
    } catch (const UsageError& error) {
        throw line.spell_out()(error.what());
    }
}

}  // namespace

void to_data_uri(const Words& words, Session& session) {
    CommandLine line("fal_client to-data-uri", "Prints a file of at most 200 MiB as a data URI.");
    const std::string path = require_file(line, words, session);
    const transport::Body content = transport::file_body(path);
    const std::uint64_t size = content->size_bytes();
    if (size > kLargeBytes) {
        session.context().err("WARNING: File is " + megabytes(size) +
                              ". Large files may be slow or fail.\n");
    }
    if (size > kLargestBytes) {
        throw Failure("File exceeds 200MB limit (" + megabytes(size) + ')');
    }
    warn_of_false_name(*content, path, session.story());
    print_data_uri(content, type_of(*content, path), session.context());
}

void video_to_uri(const Words& words, Session& session) {
    std::string model = kDefaultClipModel;
    bool skip_validation = false;
    CommandLine line("fal_client video-to-uri",
                     "Prints a clip of at most 200 MiB as a data URI, if the model takes it.");
    line.text("--model", model, {.help = "Whose limits hold", .placeholder = "ID"});
    line.flag("--skip-validation", skip_validation,
              {.help = "Print what does not fit the model all the same"});
    const std::string path = require_file(line, words, session);
    const transport::Body content = open_filled_file(path);
    if (content->size_bytes() > kLargestBytes) {
        throw Failure("Video exceeds 200MB limit (" + megabytes(content->size_bytes()) + ')');
    }
    tell_findings(session, findings_of_clip(path, limits_for(model, session, line)),
                  skip_validation, "printed");
    print_data_uri(content, type_of(*content, path), session.context());
}

void upload(const Words& words, Session& session) {
    transport::FalUploadOptions options;
    CommandLine line(
        "fal_client upload",
        "Uploads a file to fal's storage and prints its URL, under which everybody who "
        "has it can read the file.");
    line.custom("--expires-in",
                [&](const std::string& text) { options.expires_in = to_expiry(text); },
                {.help = "How long it is kept: immediate, 1h, 1d, 7d, 30d, 1y, never, or seconds",
                 .placeholder = "TIME",
                 .default_text = "the account's setting"});
    const std::string path = require_file(line, words, session);
    const transport::Body content = open_filled_file(path);
    warn_of_false_name(*content, path, session.story());
    ProgressLine progress = session.progress();
    options.media_type = type_of(*content, path);
    options.file_name = std::filesystem::path(path).filename().string();
    options.progress = progress.bytes("uploading");
    const std::string url = session.fal().upload(content, options);
    progress.clear();
    session.context().out(url + '\n');
}

}  // namespace editprep::tools::fal_client
