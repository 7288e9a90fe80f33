#include "tools/generate_batch_media/item_words.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "editprep/transport/model_registry.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/words.hpp"
#include "tools/workflow/provider_choice.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kReferenceCommand = "reference_media";
constexpr std::string_view kEditCommand = "edit_image";

/// In the order in which the older command passed them on.
constexpr std::array kForwardedKeys{
    "provider",
    "model",
    "endpoint",
    "out_dir",
    "prefix",
    "size",
    "quality",
    "style",
    "background",
    "n",
    "seed",
    "duration",
    "seconds",
    "fps",
    "config",
    "status_endpoint_template",
    "image",
    "extra_json",
    "extra_json_file",
    "timeout",
    "poll_interval",
    "max_polls",
    "nsfw",
    "preset",
    "input_reference",
};

/// What routing and the batch itself look at, and what has a place of its own on the command line.
constexpr std::array kOwnKeys{
    "mode",      "vars",          "consistent", "prompt",     "reference_image", "reference_images",
    "transport", "reference_key", "download",   "print_json",
};

struct RefusedKey {
    std::string_view key;
    const char* reason;
};

/// They would turn an item into something else than a piece of this batch.
constexpr std::array kRefusedKeys{
    RefusedKey{"dry_run", "it is no part of a batch"},
    RefusedKey{"resume", "it is no part of a batch"},
    RefusedKey{"idempotency_key", "the batch gives each item a key of its own"},
    RefusedKey{"resend_unknown", "--resend-unknown is for the whole batch"},
};

/// As the older command took it.
bool is_truthy(const Json& value) {
    switch (value.type()) {
        case Json::value_t::null:
            return false;
        case Json::value_t::boolean:
            return value.get<bool>();
        case Json::value_t::string:
        case Json::value_t::array:
        case Json::value_t::object:
            return !value.empty() && value != "";
        default:
            return value != 0;
    }
}

const Json& member(const Json& item, std::string_view key) {
    static const Json kNothing;
    const auto found = item.find(key);
    return found == item.end() ? kNothing : *found;
}

std::string mode_of(const Json& item) {
    const Json& mode = member(item, "mode");
    if (mode.is_null()) {
        return kDefaultMode;
    }
    return mode.is_string() ? mode.get<std::string>() : one_line_json(mode);
}

bool asks_for_references(const Json& item) {
    return is_truthy(member(item, "consistent")) || is_truthy(member(item, "reference_image")) ||
           is_truthy(member(item, "reference_images"));
}

std::string option_name(std::string_view key) {
    std::string name = "--" + std::string(key);
    std::ranges::replace(name, '_', '-');
    return name;
}

std::string key_name(std::string_view option) {
    std::string key(option.substr(2));
    std::ranges::replace(key, '-', '_');
    return key;
}

template <class Keys>
bool is_one_of(std::string_view key, const Keys& keys) {
    return std::ranges::find(keys, key) != keys.end();
}

/// The words of one item, and what is to be said about them.
class Speller {
public:
    Speller(BatchItem& item, const BatchCommand& command)
        : item_(item), json_(item.item), command_(command) {}

    void spell_out() {
        add_prompt();
        if (command_.name == kReferenceCommand) {
            add_references();
        }
        for (const char* key : kForwardedKeys) {
            add_member(key, member(json_, key));
        }
        add_download();
        if (is_truthy(member(json_, "print_json"))) {
            add_flag_where_known("print_json", "--print-json");
        }
        add_further();
    }

private:
    void add_prompt() {
        const Json& prompt = member(json_, "prompt");
        if (command_.option("--prompt") == nullptr) {
            return;
        }
        if (!is_truthy(prompt) && follows_prompt()) {
            throw Failure("manifest item missing required field: prompt");
        }
        add_value("prompt", "--prompt", is_truthy(prompt) ? prompt : Json(""));
    }

    /// Not what only prepares, and not the built-in provider.
    [[nodiscard]] bool follows_prompt() const {
        return !is_truthy(member(json_, "prepare_only")) &&
               !is_truthy(member(json_, "mask_only")) &&
               member(json_, "provider") != kLocalProvider;
    }

    void add_references() {
        add_value("mode", "--mode", mode_of(json_) == "video" ? "video" : "image");
        const Json& several = member(json_, "reference_images");
        const bool has_several = is_truthy(several);
        const char* key = has_several ? "reference_images" : "reference_image";
        add_each(key, "--reference-image", has_several ? several : member(json_, key));
        for (const char* further : {"reference_key", "transport"}) {
            if (is_truthy(member(json_, further))) {
                add_value(further, option_name(further), member(json_, further));
            }
        }
    }

    void add_download() {
        const Json& download = member(json_, "download");
        if (download.is_boolean() && !download.get<bool>()) {
            add_flag_where_known("download", "--no-download");
        } else if (!download.is_null() && !download.is_boolean()) {
            warn("'download' is neither true nor false, and so has no effect");
        }
    }

    void add_further() {
        for (const auto& entry : json_.items()) {
            const std::string& key = entry.key();
            if (!is_one_of(key, kOwnKeys) && !is_one_of(key, kForwardedKeys)) {
                add_member(key, entry.value());
            }
        }
        add_leftover_references();
    }

    /// An edit takes references as further pictures.
    void add_leftover_references() {
        if (command_.name == kReferenceCommand) {
            return;
        }
        for (const char* key : {"reference_images", "reference_image"}) {
            const Json& value = member(json_, key);
            if (is_truthy(value) && command_.name == kEditCommand) {
                add_each(key, "--image", value);
            } else if (is_truthy(value)) {
                warn_of_unknown(key);
            }
        }
        for (const char* key : {"reference_key", "transport"}) {
            if (is_truthy(member(json_, key))) {
                warn_of_unknown(key);
            }
        }
    }

    void add_member(const std::string& key, const Json& value) {
        if (value.is_null()) {
            return;
        }
        const auto* const refused = std::ranges::find(kRefusedKeys, key, &RefusedKey::key);
        if (refused != kRefusedKeys.end()) {
            warn("'" + key + "' is left out: " + refused->reason);
            return;
        }
        const std::string name = key == command_.mode_key ? "--mode" : option_name(key);
        // Its own --mode is not what an item's key of this name means.
        const KnownOption* option =
            name == "--mode" && key != command_.mode_key ? nullptr : command_.option(name);
        if (option == nullptr) {
            warn_of_unknown(key);
        } else if (option->takes_value) {
            add_values(key, *option, value);
        } else {
            add_flag(key, *option, value);
        }
    }

    void add_values(const std::string& key, const KnownOption& option, const Json& value) {
        if (value.is_array() && !option.repeatable) {
            throw Failure(field(key) + " takes one value, not a list");
        }
        add_each(key, option.name, value);
    }

    void add_each(const std::string& key, const std::string& name, const Json& value) {
        if (!value.is_array()) {
            add_value(key, name, value);
            return;
        }
        for (const Json& element : value) {
            add_value(key, name, element);
        }
    }

    void add_flag(const std::string& key, const KnownOption& option, const Json& value) {
        const std::string text = value.is_string() ? lower_case(value.get<std::string>()) : "";
        if (value == true || text == "true") {
            item_.words.push_back(option.name);
        } else if (value == false || text == "false") {
            const std::string opposite = "--no-" + option.name.substr(2);
            if (command_.option(opposite) != nullptr) {
                item_.words.push_back(opposite);
            }
        } else {
            throw Failure(field(key) + " must be true or false");
        }
    }

    void add_flag_where_known(const char* key, const char* name) {
        if (command_.option(name) == nullptr) {
            warn_of_unknown(key);
        } else {
            item_.words.emplace_back(name);
        }
    }

    /// Names and values are words of their own where that can be read: whoever looks at them later
    /// searches for the names.
    void add_value(const std::string& key, const std::string& name, const Json& value) {
        std::string text = text_of(key, value);
        const std::string_view front = std::string_view(text).substr(0, text.find('='));
        if (command_.option(front) != nullptr || front == "--help" || front == "--version") {
            item_.words.push_back(name + '=' + text);
        } else {
            item_.words.push_back(name);
            item_.words.push_back(std::move(text));
        }
    }

    [[nodiscard]] std::string text_of(const std::string& key, const Json& value) const {
        if (!value.is_string()) {
            return one_line_json(value);
        }
        std::string text = value.get<std::string>();
        if (text.find('\0') != std::string::npos) {
            throw Failure(field(key) + " holds a NUL character");
        }
        return text;
    }

    [[nodiscard]] static std::string field(const std::string& key) {
        return "manifest item field '" + key + "'";
    }

    void warn(const std::string& text) { item_.warnings.push_back(text); }

    void warn_of_unknown(const std::string& key) {
        std::string text = "'" + key + "' is left out: ";
        const std::string others = others_with(key);
        const std::string nearest = nearest_key(key);
        if (!others.empty()) {
            text += std::string(command_.name) + " takes no such option, unlike " + others;
        } else {
            text += "nothing is called so";
        }
        warn(nearest.empty() ? text : text + "; did you mean '" + nearest + "'?");
    }

    /// The commands that know it.
    [[nodiscard]] static std::string others_with(const std::string& key) {
        std::string names;
        for (const BatchCommand& other : batch_commands()) {
            const bool knows = other.option(option_name(key)) != nullptr || other.mode_key == key ||
                               (key == "download" && other.option("--no-download") != nullptr);
            if (knows) {
                names += (names.empty() ? "" : ", ") + std::string(other.name);
            }
        }
        return names;
    }

    [[nodiscard]] std::string nearest_key(const std::string& key) const {
        constexpr std::size_t kShortestTypo = 4;
        if (key.size() < kShortestTypo) {
            return {};
        }
        std::vector<std::string> known(kOwnKeys.begin(), kOwnKeys.end());
        for (const KnownOption& option : command_.options) {
            known.push_back(key_name(option.name));
        }
        std::erase(known, key);
        return transport::nearest_word(key, known);
    }

    BatchItem& item_;
    const Json& json_;
    const BatchCommand& command_;
};

}  // namespace

const BatchCommand& route(const Json& item) {
    const std::string mode = mode_of(item);
    const BatchCommand* command = command_for_mode(mode);
    const bool is_generation = mode == "image" || mode == "video";
    if ((command == nullptr || is_generation) && asks_for_references(item)) {
        command = is_generation ? find_command(kReferenceCommand) : nullptr;
    }
    if (command == nullptr) {
        throw Failure("unsupported mode in manifest item: " + mode);
    }
    return *command;
}

void spell_out(BatchItem& item, const BatchCommand& command) { Speller(item, command).spell_out(); }

}  // namespace editprep::tools::generate_batch_media
