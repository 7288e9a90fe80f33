#include "json_walk.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "ascii.hpp"
#include "utf8.hpp"

namespace editprep::transport {
namespace {

class Walker {
public:
    Walker(std::string_view text, const std::function<void(const JsonString&)>& visit)
        : text_(text), visit_(visit) {}

    bool walk() {
        static constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
        if (text_.starts_with(kByteOrderMark)) {
            position_ = kByteOrderMark.size();
        }
        // Not recursive: how deep a text goes is its writer's choice.
        do {
            if (!take_value()) {
                return false;
            }
            while (!open_.empty() && take_closing()) {
            }
        } while (!open_.empty() && take_comma());
        next();
        return open_.empty() && position_ == text_.size();
    }

private:
    /// The next character that is no white space, NUL at the end.
    char next() {
        position_ = std::min(text_.find_first_not_of(" \t\r\n", position_), text_.size());
        return position_ < text_.size() ? text_[position_] : '\0';
    }

    bool take(char character) {
        const bool there = next() == character && position_ < text_.size();
        position_ += there ? 1 : 0;
        return there;
    }

    /// A scalar, or everything down to the first scalar or empty container.
    bool take_value() {
        for (;;) {
            if (inside_object() && !take_name()) {
                return false;
            }
            const char first = next();
            if (first != '{' && first != '[') {
                return first == '"' ? take_string_value() : take_literal() || take_number();
            }
            ++position_;
            if (open_.size() == kMaxJsonDepth) {
                return false;
            }
            open_.push_back({first == '{', name_, ++count_});
            if (next() == closing()) {
                return true;
            }
        }
    }

    [[nodiscard]] bool inside_object() const { return !open_.empty() && open_.back().is_object; }
    [[nodiscard]] char closing() const { return open_.back().is_object ? '}' : ']'; }

    bool take_closing() {
        if (!take(closing())) {
            return false;
        }
        open_.pop_back();
        return true;
    }

    /// On to the next member or element of the innermost container.
    bool take_comma() {
        name_ = open_.back().name;
        return take(',');
    }

    bool take_name() {
        const auto name = take_string();
        name_ = name.value_or(std::string_view());
        return name && take(':');
    }

    bool take_string_value() {
        const auto raw = take_string();
        if (raw) {
            visit_({*raw, name_, open_});
        }
        return raw.has_value();
    }

    std::optional<std::string_view> take_string() {
        if (!take('"')) {
            return std::nullopt;
        }
        const std::size_t begin = position_;
        for (; position_ < text_.size() && text_[position_] != '"'; ++position_) {
            if (static_cast<unsigned char>(text_[position_]) < 0x20 ||
                (text_[position_] == '\\' && !take_escape())) {
                return std::nullopt;
            }
        }
        if (position_ == text_.size()) {
            return std::nullopt;
        }
        return text_.substr(begin, position_++ - begin);
    }

    /// From the backslash to the escape's last character.
    bool take_escape() {
        const char kind = ++position_ < text_.size() ? text_[position_] : '\0';
        if (kind != 'u') {
            return kind != '\0' && std::string_view("\"\\/bfnrt").find(kind) != std::string::npos;
        }
        const std::string_view digits = text_.substr(position_ + 1, 4);
        position_ += digits.size();
        return digits.size() == 4 && std::ranges::all_of(digits, is_hex_digit);
    }

    bool take_literal() {
        constexpr std::array<std::string_view, 3> kLiterals{"true", "false", "null"};
        for (const std::string_view literal : kLiterals) {
            if (text_.substr(position_).starts_with(literal)) {
                position_ += literal.size();
                return true;
            }
        }
        return false;
    }

    std::size_t take_digits() {
        const std::size_t begin = position_;
        while (position_ < text_.size() && is_digit(text_[position_])) {
            ++position_;
        }
        return position_ - begin;
    }

    bool take_one_of(std::string_view characters) {
        const bool there =
            position_ < text_.size() && characters.find(text_[position_]) != std::string_view::npos;
        position_ += there ? 1 : 0;
        return there;
    }

    bool take_number() {
        take_one_of("-");
        const bool zero = position_ < text_.size() && text_[position_] == '0';
        const std::size_t digits = take_digits();
        if (digits == 0 || (zero && digits > 1) || (take_one_of(".") && take_digits() == 0)) {
            return false;
        }
        if (take_one_of("eE")) {
            take_one_of("+-");
            return take_digits() > 0;
        }
        return true;
    }

    static bool is_hex_digit(char c) {
        return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
    }

    std::string_view text_;
    const std::function<void(const JsonString&)>& visit_;
    std::size_t position_ = 0;
    std::vector<JsonContainer> open_;
    std::string_view name_;
    std::uint64_t count_ = 0;
};

constexpr char32_t kReplacement = 0xFFFD;

/// The number of an escape `\uXXXX` at the front; nothing when there is none.
std::optional<std::uint32_t> code_unit(std::string_view text) {
    std::uint32_t unit = 0;
    if (text.size() < 6 || !text.starts_with("\\u")) {
        return std::nullopt;
    }
    const char* const end = text.data() + 6;
    const auto [stop, error] = std::from_chars(text.data() + 2, end, unit, 16);
    return error == std::errc{} && stop == end ? std::optional(unit) : std::nullopt;
}

bool is_surrogate(std::uint32_t code) { return code >= 0xD800 && code < 0xE000; }

/// Takes one or two escapes `\uXXXX` off the front; false when there is none.
bool take_unicode_escape(std::string_view& text, std::string& out) {
    auto code = code_unit(text);
    if (!code) {
        return false;
    }
    text.remove_prefix(6);
    const auto low = code_unit(text);
    if (*code >= 0xD800 && *code < 0xDC00 && low && *low >= 0xDC00 && *low < 0xE000) {
        code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
        text.remove_prefix(6);
    }
    append_utf8(out, is_surrogate(*code) ? kReplacement : *code);
    return true;
}

}  // namespace

std::string unescape_json(std::string_view raw) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    std::string text;
    text.reserve(raw.size());
    for (;;) {
        const std::size_t plain = std::min(raw.find('\\'), raw.size());
        text += raw.substr(0, plain);
        raw.remove_prefix(plain);
        if (raw.empty()) {
            return text;
        }
        if (take_unicode_escape(raw, text)) {
            continue;
        }
        const std::size_t letter = raw.size() > 1 ? kLetters.find(raw[1]) : std::string::npos;
        const bool known = letter != std::string::npos;
        text += known ? kMeanings[letter] : '\\';
        raw.remove_prefix(known ? 2 : 1);
    }
}

std::string JsonString::text() const { return unescape_json(raw); }

bool walk_json(std::string_view text, const std::function<void(const JsonString&)>& visit) {
    return Walker(text, visit).walk();
}

}  // namespace editprep::transport
