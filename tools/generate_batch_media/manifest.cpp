#include "tools/generate_batch_media/manifest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "editprep/transport/model_registry.hpp"
#include "tools/generate_batch_media/commands.hpp"
#include "tools/generate_batch_media/item_words.hpp"
#include "tools/generate_batch_media/template.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLargestManifest = std::size_t{256} << 20;
/// Of shorter names every other one is near.
constexpr std::size_t kShortestTypo = 4;

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { static_cast<void>(std::fclose(file)); }
};

[[noreturn]] void fail(const std::string& message) {
    throw Failure(message, Failure::Form::verbatim);
}

[[noreturn]] void fail_to_read(const std::string& name, int error) {
    fail(error == ENOENT ? "file not found: " + name
                         : "cannot read " + name + ": " + std::generic_category().message(error));
}

std::string read_open_file(std::FILE* file, const std::string& name) {
    std::string text;
    std::array<char, 65'536> piece{};
    while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file)) {
        text.append(piece.data(), count);
        if (text.size() > kLargestManifest) {
            fail(name +
                 " is larger than 256 MiB; split it, and name files instead of putting "
                 "their content in");
        }
    }
    if (std::ferror(file) != 0) {
        fail_to_read(name, errno);
    }
    return text;
}

std::string read_text(const std::string& path) {
    if (path == "-") {
        return read_open_file(stdin, "standard input");
    }
    const std::string name = display_path(path);
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
    if (!file) {
        fail_to_read(name, errno);
    }
    return read_open_file(file.get(), name);
}

/// Without the mark that some editors put before UTF-8, and without blanks around.
std::string_view content_of(std::string_view text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    const std::size_t begin = text.find_first_not_of(kBlanks);
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::vector<Json> parse_array(std::string_view content, const std::string& name) {
    try {
        const Json json = read_json(content);
        return {json.begin(), json.end()};
    } catch (const std::invalid_argument& error) {
        fail("invalid JSON in manifest " + name + ": " + error.what());
    }
}

Json parse_line(std::string_view line, int number, std::string_view content) {
    try {
        return read_json(line);
    } catch (const std::invalid_argument& error) {
        // An object over several lines is no list of objects.
        if (!is_json(line) && is_json(content)) {
            fail("JSON manifest must be an array");
        }
        fail("invalid JSONL at line " + std::to_string(number) + ": " + error.what());
    }
}

/// @param content the text without blanks around
std::vector<Json> parse_lines(std::string_view text, std::string_view content) {
    std::vector<Json> entries;
    int number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = content_of(text.substr(begin, end - begin));
        ++number;
        if (!line.empty()) {
            entries.push_back(parse_line(line, number, content));
        }
        begin = end + 1;
    }
    return entries;
}

Json parse_variables(const std::string& text, const char* source) {
    const std::string wrong = std::string(source) + " must decode to a JSON object";
    try {
        Json variables = read_json(content_of(text));
        if (!variables.is_object()) {
            fail(wrong);
        }
        return variables;
    } catch (const std::invalid_argument& error) {
        fail(wrong + ": " + error.what());
    }
}

void replace_members(Json& object, const Json& members) {
    for (const auto& member : members.items()) {
        object[member.key()] = member.value();
    }
}

/// Shared ones, the item's own, then `index` and `mode`. Throws Failure.
Json variables_of(const Json& entry, int index, const Json& shared) {
    Json variables = shared;
    if (const auto own = entry.find("vars"); own != entry.end() && !own->is_null()) {
        if (!own->is_object()) {
            throw Failure("manifest item field 'vars' must be an object when present");
        }
        replace_members(variables, *own);
    }
    const auto mode = entry.find("mode");
    const bool has_mode = mode != entry.end() && !mode->is_null();
    if (!variables.contains("index")) {
        variables["index"] = index;
    }
    if (!variables.contains("mode")) {
        variables["mode"] = has_mode ? *mode : Json(kDefaultMode);
    }
    return variables;
}

/// A brace may be meant as text, so that the item can be run.
void warn_of_unknown_names(BatchItem& item, const Json& variables) {
    std::vector<std::string> known;
    for (const auto& variable : variables.items()) {
        known.push_back(variable.key());
    }
    for (const std::string& name : unknown_names(item.item, variables)) {
        const std::string nearest =
            name.size() < kShortestTypo ? "" : transport::nearest_word(name, known);
        item.warnings.push_back("no variable is called " + name + ", so that {" + name +
                                "} stays as it is" +
                                (nearest.empty() ? "" : "; did you mean {" + nearest + "}?"));
    }
}

void prepare(BatchItem& item, const Json& shared_variables) {
    if (!item.item.is_object()) {
        throw Failure("manifest item must be a JSON object, not " +
                      std::string(item.item.type_name()));
    }
    const Json variables = variables_of(item.item, item.index, shared_variables);
    warn_of_unknown_names(item, variables);
    item.item = render_all(item.item, variables);
    item.item["vars"] = variables;
    const BatchCommand& command = route(item.item);
    item.command = command.name;
    spell_out(item, command);
}

}  // namespace

std::vector<Json> parse_manifest(const std::string& text, const std::string& name) {
    const std::string_view content = content_of(text);
    return content.starts_with('[') ? parse_array(content, name) : parse_lines(text, content);
}

std::vector<Json> read_manifest(const std::string& path) {
    return parse_manifest(read_text(path), path == "-" ? "standard input" : display_path(path));
}

Json read_variables(const std::string& json, const std::optional<std::string>& path) {
    Json variables = Json::object();
    if (!json.empty()) {
        variables = parse_variables(json, "--vars-json");
    }
    if (path) {
        replace_members(variables, parse_variables(read_text(*path), "--vars-file"));
    }
    return variables;
}

BatchItem prepare_item(const Json& entry, int index, const Json& shared_variables) {
    BatchItem item{.index = index, .item = entry};
    try {
        prepare(item, shared_variables);
    } catch (const Failure& failure) {
        item.error = failure.what();
        item.command.clear();
        item.words.clear();
    }
    return item;
}

}  // namespace editprep::tools::generate_batch_media
