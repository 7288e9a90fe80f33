#include "tools/fetch_generated_media/fetch_generated_media.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include "editprep/transport/media_reference.hpp"
#include "editprep/transport/media_retrieval.hpp"
#include "editprep/transport/url.hpp"
#include "tools/remote/network.hpp"
#include "tools/remote/progress_line.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/new_file.hpp"

namespace editprep::tools::fetch_generated_media {
namespace {

using transport::MediaReference;

constexpr const char* kCommand = "fetch_generated_media";
/// What a response can hold in base64.
constexpr std::size_t kLargestResponse = std::size_t{1} << 30;

[[noreturn]] void fail(const std::string& message) {
    throw Failure(message, Failure::Form::verbatim);
}

// ---- Options

void check_usage(const Options& options) {
    const auto refuse_unless = [](bool right, const std::string& reason) {
        if (!right) {
            throw UsageError(reason);
        }
    };
    refuse_unless(!options.response_text || !options.response_file,
                  "argument --response-file: not allowed with argument --response-text");
    refuse_unless(options.response_text || options.response_file,
                  "one of the arguments --response-text --response-file is required");
    refuse_unless(options.timeout_seconds > 0, "argument --timeout: it must be positive");
    refuse_unless(options.max_megabytes > 0, "argument --max-mb: it must be positive");
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t";
    const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
    return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

bool is_control(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F; }

/// `Key: Value`. What stands behind a colon is a secret and in no message.
transport::Header to_header(const std::string& text) {
    const std::size_t colon = text.find(':');
    const std::string_view name = trimmed(std::string_view(text).substr(0, colon));
    const bool named = !name.empty() && name.find(' ') == std::string_view::npos;
    if (colon == std::string::npos || !named || std::ranges::any_of(text, is_control)) {
        fail("invalid --header value: " + text.substr(0, colon));
    }
    return {std::string(name), std::string(trimmed(std::string_view(text).substr(colon + 1)))};
}

// ---- The response

[[noreturn]] void fail_to_read(const std::string& name) {
    fail("cannot read " + name + ": " + std::generic_category().message(errno));
}

std::string read_response(const std::string& path) {
    const bool standard_input = path == "-";
    const std::string name = standard_input ? "standard input" : display_path(path);
    errno = 0;
    std::ifstream stream(standard_input ? "/dev/stdin" : path, std::ios::binary);
    if (!stream && errno == ENOENT) {
        fail("response file not found: " + name);
    }
    std::string text;
    std::array<char, 65536> piece;
    while (stream) {
        stream.read(piece.data(), piece.size());
        text.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
        if (text.size() > kLargestResponse) {
            fail("the response in " + name + " is larger than 1 GiB");
        }
    }
    if (!stream.eof() || stream.bad()) {
        fail_to_read(name);
    }
    return text;
}

std::vector<MediaReference> find_references(const Options& options) {
    const std::string text =
        options.response_text ? *options.response_text : read_response(*options.response_file);
    std::vector<MediaReference> references;
    if (options.all) {
        references = transport::find_all_media(text);
    } else if (auto reference = transport::find_media(text)) {
        references.push_back(std::move(*reference));
    }
    if (references.empty()) {
        fail("no media reference found in response");
    }
    return references;
}

// ---- Saving

/// Anybody can name a URL in a response: only what the user typed may lead to private addresses.
transport::Reach reach_for(const Options& options) {
    transport::Reach reach{.any_address = options.allow_private, .loopback_by_name = true};
    if (!options.origin.empty()) {
        reach.trusted_hosts.push_back(transport::parse_url(options.origin).host);
    }
    return reach;
}

transport::RetrievalOptions retrieval_options(const Options& options, ProgressLine& progress) {
    const std::chrono::seconds timeout(options.timeout_seconds);
    transport::RetrievalOptions retrieval{
        .name_file =
            [&options](const std::string& extension) {
                return new_file_path(options.out_dir, options.prefix, extension);
            },
        .origin = options.origin,
        .reach = reach_for(options),
        .timeouts = {.connect = timeout, .stall = timeout},
        .max_bytes = static_cast<std::uint64_t>(options.max_megabytes) << 20,
        .progress = progress.bytes("downloading")};
    std::ranges::transform(options.headers, std::back_inserter(retrieval.headers), to_header);
    return retrieval;
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    CommandLine line(
        kCommand,
        "Finds the media that a provider's response refers to, in JSON, HTML, Markdown "
        "or plain text, and saves it. Prints the file's path.");
    line.section("Input");
    line.text(
        "--response-text", options.response_text,
        {.help = "The response; exactly one of this and --response-file", .placeholder = "TEXT"});
    line.text(
        "--response-file", options.response_file,
        {.help = "A file that holds the response; - reads standard input", .placeholder = "FILE"});
    line.flag(
        "--all", options.all,
        {.help = "Save every result of the response and print one path a line", .addition = true});
    line.section("Download");
    line.text("--origin", options.origin,
              {.help = "What comes before relative paths, for example https://host/v1; private "
                       "addresses of its host are allowed",
               .placeholder = "URL"});
    line.texts("--header", options.headers,
               {.help = "Header 'Key: Value' to send along, as long as redirects stay with the "
                        "server; may be repeated",
                .placeholder = "TEXT"});
    line.integer("--timeout", options.timeout_seconds,
                 {.help = "Seconds to wait for a connection, and for each piece of the file",
                  .placeholder = "N"});
    line.integer("--max-mb", options.max_megabytes,
                 {.help = "Largest file to save, in units of 1024 x 1024 bytes",
                  .placeholder = "N",
                  .addition = true});
    line.flag("--allow-private", options.allow_private,
              {.help = "Download from private and link-local addresses, too", .addition = true});
    line.section("Output");
    line.text("--out-dir", options.out_dir,
              {.help = "Folder for the files; it is made if need be",
               .placeholder = "DIR",
               .required = true});
    line.text("--prefix", options.prefix,
              {.help = "What file names begin with", .placeholder = "TEXT"});
    line.flag("--quiet", options.quiet, {.help = "No progress on a terminal", .addition = true});
    line.rule([&options] { check_usage(options); });
    line.parse(words);
    return options;
}

void run(const Options& options, const Context& context) {
    check_prefix(options.prefix);
    ProgressLine progress(context, options.quiet);
    const transport::RetrievalOptions retrieval = retrieval_options(options, progress);
    const auto references = find_references(options);
    Network network(context.environment);
    for (const MediaReference& reference : references) {
        if (reference.kind == MediaReference::Kind::relative && options.origin.empty()) {
            fail("relative media path found but --origin was not provided: " + reference.value);
        }
        const auto saved = transport::save_media(reference, retrieval, network.http, network.clock);
        progress.clear();
        context.out(display_path(saved.path) + '\n');
    }
}

}  // namespace editprep::tools::fetch_generated_media
