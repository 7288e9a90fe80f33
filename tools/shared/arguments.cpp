#include "tools/shared/arguments.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>

#include "tools/shared/failure.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools {
namespace {

/// How the names of pictures and clips end.
constexpr std::array<std::string_view, 14> kMediaEndings{
    ".avif", ".gif", ".heic", ".heif", ".jpeg", ".jpg",  ".mkv",
    ".mov",  ".mp4", ".png",  ".tif",  ".tiff", ".webm", ".webp"};

/// One word, split at its first equals sign.
struct Word {
    std::string_view name;
    std::optional<std::string_view> value;
};

Word split(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
        return {text, std::nullopt};
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

const KnownOption* find_exact(std::span<const KnownOption> options, std::string_view name) {
    const auto found = std::ranges::find(options, name, &KnownOption::name);
    return found == options.end() ? nullptr : &*found;
}

std::vector<const KnownOption*> begin_with(std::span<const KnownOption> options,
                                           std::string_view prefix, bool additions) {
    std::vector<const KnownOption*> matches;
    for (const KnownOption& option : options) {
        if (option.addition == additions && option.name.starts_with(prefix)) {
            matches.push_back(&option);
        }
    }
    return matches;
}

std::string ambiguity(std::string_view name, const std::vector<const KnownOption*>& matches) {
    std::string reason = "ambiguous option: " + std::string(name) + " could match ";
    for (std::size_t i = 0; i < matches.size(); ++i) {
        reason += (i == 0 ? "" : ", ") + matches[i]->name;
    }
    return reason;
}

const KnownOption& find(std::span<const KnownOption> options, std::string_view name) {
    if (const KnownOption* exact = find_exact(options, name)) {
        return *exact;
    }
    // A bare "--" begins every name and means none of them.
    if (name.size() > 2 && name.starts_with("--")) {
        for (const bool additions : {false, true}) {
            const auto matches = begin_with(options, name, additions);
            if (matches.size() == 1) {
                return *matches.front();
            }
            if (matches.size() > 1) {
                throw UsageError(ambiguity(name, matches));
            }
        }
    }
    throw UsageError("unrecognized argument: " + std::string(name));
}

bool names_media_file(const std::string& value) {
    const std::string ending = lower_case(std::filesystem::path(value).extension().string());
    return std::ranges::find(kMediaEndings, ending) != kMediaEndings.end();
}

/// Of the options whose names end like the one that was typed, the one that has the value among its
/// choices.
const KnownOption* find_meant(std::span<const KnownOption> options, std::string_view typed,
                              const std::string& value) {
    const std::string_view ending = typed.substr(1);  // `-mode` of `--mode`
    const auto meant = std::ranges::find_if(options, [&](const KnownOption& option) {
        return option.name.ends_with(ending) &&
               std::ranges::find(option.choices, value) != option.choices.end();
    });
    return meant == options.end() ? nullptr : &*meant;
}

/// Throws where the value shows that another option was meant.
void check_abbreviation(std::span<const KnownOption> options, std::string_view typed,
                        const KnownOption& option, const std::string& value) {
    if (typed == option.name) {
        return;
    }
    const std::string short_for =
        "argument " + option.name + ": " + std::string(typed) + " is short for it, and '" + value;
    if (option.folder && names_media_file(value)) {
        throw UsageError(short_for +
                         "' looks like a file; name a folder, in which files get names of their "
                         "own, or write " +
                         option.name + " in full");
    }
    if (const KnownOption* meant = find_meant(options, typed, value)) {
        throw UsageError(short_for + "' is a choice of " + meant->name + "; write " + meant->name +
                         " or " + option.name + " in full");
    }
}

bool is_plain(const std::string& word) { return !word.starts_with("--") && word != "-h"; }

}  // namespace

std::vector<GivenOption> expand_arguments(std::span<const std::string> words,
                                          std::span<const KnownOption> options, PlainWords plain) {
    std::vector<GivenOption> given;
    bool options_ended = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (plain == PlainWords::accepted && !options_ended && words[i] == "--") {
            options_ended = true;
            continue;
        }
        if (plain == PlainWords::accepted && (options_ended || is_plain(words[i]))) {
            given.push_back({{}, words[i]});
            continue;
        }
        const Word word = words[i] == "-h" ? Word{"--help", std::nullopt} : split(words[i]);
        const KnownOption& option = find(options, word.name);
        std::string value(word.value.value_or(""));
        if (!option.takes_value && word.value) {
            throw UsageError("argument " + option.name + ": takes no value, got '" + value + "'");
        }
        if (option.takes_value && !word.value) {
            const bool missing =
                i + 1 == words.size() || find_exact(options, split(words[i + 1]).name) != nullptr;
            if (missing) {
                throw UsageError("argument " + option.name + ": expected one argument");
            }
            value = words[++i];
        }
        check_abbreviation(options, word.name, option, value);
        given.push_back({option.name, std::move(value)});
        if (option.ends_parsing) {
            break;
        }
    }
    return given;
}

}  // namespace editprep::tools
