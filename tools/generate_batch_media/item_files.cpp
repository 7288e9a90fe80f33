#include "tools/generate_batch_media/item_files.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "tools/shared/display_path.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFileLines[] = {"DOWNLOADED: ", "MASK_USED: ", "PREPARED_INPUT: "};
/// Members of the commands' JSON that name files, the most final ones first.
constexpr std::string_view kFinalMembers[] = {"downloaded", "downloads"};
/// Those that hold another command's JSON, as it is or as text.
constexpr std::string_view kInnerMembers[] = {"result", "edited"};
constexpr std::string_view kFurtherMembers[] = {"mask", "prepared_input", "provider_output",
                                                "preview"};
/// Options that name a file which the command writes.
constexpr std::string_view kFileOptions[] = {"--preview", "--mask-out", "--out"};

bool is_file(const std::string& path) {
    std::error_code unknown;
    return std::filesystem::is_regular_file(path, unknown);
}

/// Null for a text that is no JSON object.
Json object_in(const std::string& text) {
    if (!text.starts_with('{')) {
        return {};
    }
    try {
        return read_json(text);
    } catch (const std::invalid_argument&) {
        return {};
    }
}

class Found {
public:
    explicit Found(const BatchItem& item)
        // The mask of an edit is what it was given.
        : masks_count_(item.command != "edit_image") {}

    void add(const std::string& path) { add_files(files_, {path}); }

    void add_from(const Json& object) {
        add_named(object, kFinalMembers);
        for (const std::string_view name : kInnerMembers) {
            const Json inner = object.value(name, Json());
            const Json json = inner.is_string() ? object_in(inner.get<std::string>()) : inner;
            if (json.is_object()) {
                add_from(json);
            }
        }
        add_named(object, kFurtherMembers);
    }

    [[nodiscard]] std::vector<std::string> files() && { return std::move(files_); }
    [[nodiscard]] bool empty() const noexcept { return files_.empty(); }

private:
    void add_named(const Json& object, std::span<const std::string_view> names) {
        for (const std::string_view name : names) {
            if (name != "mask" || masks_count_) {
                add_member(object.value(name, Json()));
            }
        }
    }

    void add_member(const Json& member) {
        for (const Json& entry : member.is_array() ? member : Json::array({member})) {
            if (entry.is_string()) {
                add(entry.get<std::string>());
            }
        }
    }

    bool masks_count_;
    std::vector<std::string> files_;
};

void add_from_lines(const std::string& out, Found& found) {
    std::istringstream text(out);
    std::string last;
    for (std::string line; std::getline(text, line);) {
        const auto prefix = std::ranges::find_if(
            kFileLines, [&](std::string_view start) { return line.starts_with(start); });
        if (prefix != std::end(kFileLines)) {
            found.add(line.substr(prefix->size()));
        } else if (const Json object = object_in(line); object.is_object()) {
            found.add_from(object);
        }
        last = line;
    }
    if (found.empty() && is_file(last)) {
        found.add(last);
    }
}

}  // namespace

std::vector<std::string> files_of(const BatchItem& item, const std::string& out) {
    Found found(item);
    if (const Json whole = object_in(out); whole.is_object()) {
        found.add_from(whole);
    } else {
        add_from_lines(out, found);
    }
    for (const std::string& path : named_outputs(item)) {
        if (is_file(path)) {
            found.add(display_path(path));
        }
    }
    return std::move(found).files();
}

std::vector<std::string> named_outputs(const BatchItem& item) {
    std::vector<std::string> paths;
    for (std::size_t i = 0; i + 1 < item.words.size(); ++i) {
        if (std::ranges::find(kFileOptions, item.words[i]) != std::end(kFileOptions)) {
            paths.push_back(item.words[i + 1]);
        }
    }
    return paths;
}

void add_files(std::vector<std::string>& files, const std::vector<std::string>& further) {
    for (const std::string& file : further) {
        if (!file.empty() && std::ranges::find(files, file) == files.end()) {
            files.push_back(file);
        }
    }
}

bool all_exist(const std::vector<std::string>& files) {
    return std::ranges::all_of(files, is_file);
}

}  // namespace editprep::tools::generate_batch_media
