#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "ascii.hpp"
#include "config_file.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/provider_config.hpp"

namespace editprep::transport {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxNotesBytes = std::size_t{4} << 20;

bool is_key_character(char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == ':'; }

/// What people write where a key belongs until they have one.
bool is_placeholder(std::string_view text) {
    constexpr std::array<std::string_view, 12> kWords{"apikey",   "changeme", "env",     "falkey",
                                                      "idsecret", "key",      "keyhere", "missing",
                                                      "none",     "null",     "secret",  "todo"};
    constexpr std::array<std::string_view, 7> kBeginnings{
        "dummy", "example", "insert", "paste", "placeholder", "replace", "your"};
    std::string word = lower_case(text);
    std::erase_if(word, [](char c) { return !is_letter_or_digit(c); });
    const bool one_letter =
        std::ranges::all_of(word, [&](char c) { return c == word.front() && !is_digit(c); });
    const bool has_digits = std::ranges::any_of(word, is_digit);
    return one_letter || std::ranges::find(kWords, word) != kWords.end() ||
           (!has_digits && std::ranges::any_of(kBeginnings, [&](std::string_view beginning) {
               return word.starts_with(beginning);
           }));
}

/// A word that says something about the key instead of being it.
bool is_prose(std::string_view text) {
    constexpr std::array<std::string_view, 12> kWords{
        "ask", "configured", "environment", "here", "no",    "not",
        "ok",  "required",   "see",         "set",  "unset", "yes"};
    return std::ranges::find(kWords, lower_case(text)) != kWords.end();
}

/// Has fal's form `id:secret`, a digit, or a length that few words have.
bool looks_like_key(std::string_view text) {
    constexpr std::size_t kLongWord = 16;
    return text.find(':') != std::string_view::npos || text.size() >= kLongWord ||
           std::ranges::any_of(text, is_digit);
}

/// Notes for people (TOOLS.md), searched for a key.
class KeyNotes {
public:
    explicit KeyNotes(std::string_view text) : text_(text), lower_(lower_case(text)) {}

    /// The three patterns of the contract's section 16.2, each over the whole text.
    std::string find() {
        std::string key = find_variable();
        if (key.empty()) {
            key = find_on_lines({"fal.ai", "key"});
        }
        return key.empty() ? find_on_lines({"fal", "api", "key"}) : key;
    }

    [[nodiscard]] bool saw_placeholder() const noexcept { return saw_placeholder_; }

private:
    /// `FAL_KEY`, the separator, the key; the key may stand on a later line.
    std::string find_variable() {
        constexpr std::string_view kName = "fal_key";
        std::size_t position = lower_.find(kName);
        for (; position != std::string::npos; position = lower_.find(kName, position)) {
            const std::size_t begin = position;
            position += kName.size();
            if (begin == 0 || !is_key_character(text_[begin - 1])) {
                if (auto key = key_behind(text_.substr(position)); !key.empty()) {
                    return key;
                }
            }
        }
        return {};
    }

    /// The words in this order on one line, the last of them as late as possible, then the key.
    std::string find_on_lines(std::initializer_list<std::string_view> words) {
        for (std::size_t begin = 0; begin < text_.size();) {
            const std::size_t end = std::min(text_.find('\n', begin), text_.size());
            if (auto key = find_on_line(begin, end, words); !key.empty()) {
                return key;
            }
            begin = end + 1;
        }
        return {};
    }

    std::string find_on_line(std::size_t begin, std::size_t end,
                             std::initializer_list<std::string_view> words) {
        const std::string_view line = std::string_view(lower_).substr(begin, end - begin);
        std::size_t behind = 0;
        for (auto word = words.begin(); word + 1 != words.end(); ++word) {
            const bool is_first = word == words.begin();
            const std::size_t found =
                is_first ? find_word_start(line, *word) : line.find(*word, behind);
            if (found == std::string_view::npos) {
                return {};
            }
            behind = found + word->size();
        }
        const std::string_view last = *(words.end() - 1);
        for (std::size_t at = line.rfind(last); at != std::string_view::npos && at >= behind;
             at = line.rfind(last, at - 1)) {
            const std::size_t value = begin + at + last.size();
            if (auto key = key_behind(text_.substr(value, end - value)); !key.empty()) {
                return key;
            }
        }
        return {};
    }

    /// No letter stands before it: "befall" does not mean fal.
    static std::size_t find_word_start(std::string_view line, std::string_view word) {
        std::size_t found = line.find(word);
        while (found != std::string_view::npos && found != 0 &&
               is_letter_or_digit(line[found - 1])) {
            found = line.find(word, found + 1);
        }
        return found;
    }

    /// What stands behind the name: marks that close it (`**`, a quote), `:` or `=`, marks that
    /// open the key. Without the separator the words are prose.
    std::string key_behind(std::string_view text) {
        constexpr std::string_view kMarks = " \t\"'`*";
        constexpr std::string_view kOpening = " \t\r\n\"'`*:=";
        const std::size_t separator = std::min(text.find_first_not_of(kMarks), text.size());
        if (separator == text.size() || (text[separator] != ':' && text[separator] != '=')) {
            return {};
        }
        const std::size_t begin =
            std::min(text.find_first_not_of(kOpening, separator), text.size());
        const bool later_line =
            text.substr(separator, begin - separator).find('\n') != std::string_view::npos;
        const auto* const end =
            std::find_if_not(text.begin() + begin, text.end(), is_key_character);
        std::string_view key(text.data() + begin,
                             static_cast<std::size_t>(end - text.begin()) - begin);
        key = key.substr(0, key.find_last_not_of(':') + 1);
        if (key.empty()) {
            saw_placeholder_ = saw_placeholder_ || (begin < text.size() && text[begin] == '<');
            return {};
        }
        const bool pair = key.find(':') != std::string_view::npos;
        const bool plausible =
            later_line ? pair : looks_like_key(key) || stands_alone(text, begin, key.size());
        if (is_placeholder(key) || is_prose(key) || !plausible) {
            saw_placeholder_ = true;
            return {};
        }
        return std::string(key);
    }

    /// In quotes, or with nothing behind it on its line.
    static bool stands_alone(std::string_view text, std::size_t begin, std::size_t length) {
        constexpr std::string_view kQuotes = "\"'`";
        const std::size_t behind =
            std::min(text.find_first_not_of(" \t\r\"'`*", begin + length), text.size());
        const bool quoted = begin != 0 && kQuotes.find(text[begin - 1]) != std::string_view::npos;
        return quoted || behind == text.size() || text[behind] == '\n';
    }

    std::string_view text_;
    std::string lower_;
    bool saw_placeholder_ = false;
};

class KeySearch {
public:
    KeySearch(std::string config_path, const EnvironmentLookup& environment)
        : config_path_(std::move(config_path)), environment_(environment) {}

    FalKey run() {
        if (find_in_environment() || find_in_config() || find_in_notes()) {
            return std::move(found_);
        }
        return {{}, {}, std::move(found_.warnings)};
    }

private:
    bool take(std::string_view key, const std::string& where) {
        key = without_outer_white_space(key);
        if (key.empty()) {
            return false;
        }
        if (std::ranges::any_of(key, is_control)) {
            throw Error(Errc::invalid_config,
                        "the fal key in " + where + " has a control character", where,
                        "Remove line ends and other control characters from it");
        }
        found_.key = Secret(std::string(key));
        found_.found_in = where;
        return true;
    }

    void warn(const std::string& text) { found_.warnings.push_back(text); }

    bool find_in_environment() {
        const auto value = [this](const char* name) { return environment_(name).value_or(""); };
        const std::string id(without_outer_white_space(value("FAL_KEY_ID")));
        const std::string secret(without_outer_white_space(value("FAL_KEY_SECRET")));
        if (take(value("FAL_KEY"), "FAL_KEY")) {
            return true;
        }
        if (!id.empty() && !secret.empty() &&
            take(id + ":" + secret, "FAL_KEY_ID and FAL_KEY_SECRET")) {
            return true;
        }
        return take(value("FAL_API_KEY"), "FAL_API_KEY");
    }

    bool find_in_config() {
        const auto named = environment_("OPENCLAW_CONFIG");
        const std::string path = expand_home(
            !config_path_.empty() ? config_path_ : named.value_or("~/.openclaw/openclaw.json"),
            environment_);
        try {
            const Json config = read_config(path);
            const auto environment = with_inline_variables(environment_, inline_variables(config));
            return find_member(config, {"integrations", "fal", "apiKey"},
                               {path, "integrations.fal.apiKey"}, environment) ||
                   find_member(config, {"models", "providers", "fal", "apiKey"},
                               {path, "models.providers.fal.apiKey"}, environment);
        } catch (const Error& error) {
            const bool was_named = !config_path_.empty() || named.has_value();
            if (error.errc() != Errc::config_not_found || was_named) {
                warn(error.what());
            }
            return false;
        }
    }

    bool find_member(const Json& config, std::initializer_list<const char*> names,
                     const ConfigPlace& place, const EnvironmentLookup& environment) {
        std::string key;
        try {
            key = resolved_text(member_at(config, names), place, environment);
        } catch (const Error& error) {
            warn(error.what());
            return false;
        }
        if (!key.empty() && is_placeholder(key)) {
            warn("a placeholder instead of a key: " + place.file + " -> " + place.member);
            return false;
        }
        return take(key, place.file);
    }

    bool find_in_notes() {
        const std::string path = expand_home("~/.openclaw/workspace/TOOLS.md", environment_);
        std::error_code ignored;
        if (!fs::exists(path, ignored)) {
            return false;
        }
        try {
            const std::string text = read_text_file(path, kMaxNotesBytes);
            KeyNotes notes(text);
            const std::string key = notes.find();
            if (key.empty() && notes.saw_placeholder()) {
                warn("a placeholder instead of a key: " + path);
            }
            return take(key, path);
        } catch (const Error& error) {
            warn(error.what());
            return false;
        }
    }

    std::string config_path_;
    const EnvironmentLookup& environment_;
    FalKey found_;
};

}  // namespace

FalKey find_fal_key(const std::string& config_path, const EnvironmentLookup& environment) {
    return KeySearch(config_path, environment).run();
}

}  // namespace editprep::transport
