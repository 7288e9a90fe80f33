#include "json5.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "ascii.hpp"
#include "editprep/transport/error.hpp"
#include "utf8.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::ordered_json;

bool is_line_end(char32_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; }

/// The specification's White Space (a byte order mark and Unicode's separators among it).
bool is_white_space(char32_t c) {
    return (c >= '\t' && c <= '\r') || c == ' ' || c == 0xA0 || c == 0xFEFF || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000 ||
           is_line_end(c);
}

/// Beyond ASCII every letter, mark and digit may stand in a name: all that is no white space.
bool begins_name(char32_t c) {
    return c == '$' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= 0x80 && !is_white_space(c));
}

bool continues_name(char32_t c) { return begins_name(c) || (c >= '0' && c <= '9'); }

/// A recursive descent over text that is known to be UTF-8.
class Json5Reader {
public:
    Json5Reader(std::string_view text, Json5Limits limits) : text_(text), limits_(limits) {}

    Json read() {
        if (text_.size() > limits_.max_bytes) {
            fail("more than " + std::to_string(limits_.max_bytes) + " bytes");
        }
        if (const auto invalid = find_invalid_utf8(text_)) {
            position_ = *invalid;
            fail("a byte that is not UTF-8");
        }
        Json value = read_value(0);
        skip_blanks();
        if (!at_end()) {
            fail("unexpected " + shown() + " behind the end of the value");
        }
        return value;
    }

private:
    [[noreturn]] void fail(const std::string& reason) const {
        const std::string_view before = text_.substr(0, position_);
        const std::size_t line_begin = before.rfind('\n') + 1;
        const auto lines = std::ranges::count(before, '\n') + 1;
        const auto column = std::ranges::count_if(before.substr(line_begin), begins_character) + 1;
        throw Error(Errc::invalid_json, reason + " at line " + std::to_string(lines) + ", column " +
                                            std::to_string(column));
    }

    [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
    [[nodiscard]] char next() const { return at_end() ? '\0' : text_[position_]; }

    /// The character here in the form in which a message names it.
    [[nodiscard]] std::string shown() const {
        if (at_end()) {
            return "end of text";
        }
        if (is_control(next())) {
            return "control character";
        }
        const std::size_t length = utf8_character(text_.substr(position_)).length;
        return "'" + std::string(text_.substr(position_, length)) + "'";
    }

    char32_t peek() const {
        return at_end() ? char32_t{0} : utf8_character(text_.substr(position_)).value;
    }

    char32_t take() {
        const Utf8Character character = utf8_character(text_.substr(position_));
        position_ += character.length;
        return character.value;
    }

    bool take_if(std::string_view expected) {
        if (!text_.substr(position_).starts_with(expected)) {
            return false;
        }
        position_ += expected.size();
        return true;
    }

    void skip_blanks() {
        while (!at_end()) {
            if (is_white_space(peek())) {
                take();
            } else if (take_if("//")) {
                while (!at_end() && !is_line_end(peek())) {
                    take();
                }
            } else if (text_.substr(position_).starts_with("/*")) {
                const std::size_t end = text_.find("*/", position_ + 2);
                if (end == std::string_view::npos) {
                    fail("a comment without an end");
                }
                position_ = end + 2;
            } else {
                return;
            }
        }
    }

    Json read_value(std::size_t depth) {
        skip_blanks();
        if (at_end()) {
            fail("expected a value, found the end of the text");
        }
        switch (next()) {
            case '{':
                return read_object(deeper(depth));
            case '[':
                return read_array(deeper(depth));
            case '"':
            case '\'':
                return read_string();
            default:
                return is_digit(next()) || std::string_view("+-.").find(next()) != std::string::npos
                           ? read_number()
                           : read_word();
        }
    }

    [[nodiscard]] std::size_t deeper(std::size_t depth) const {
        if (depth == limits_.max_depth) {
            fail("more than " + std::to_string(limits_.max_depth) + " levels");
        }
        return depth + 1;
    }

    Json read_object(std::size_t depth) {
        Json::object_t members;
        std::unordered_map<std::string, std::size_t> places;
        take();
        for (skip_blanks(); !take_if("}"); skip_blanks()) {
            std::string name = read_name();
            skip_blanks();
            if (!take_if(":")) {
                fail("expected ':' behind the name \"" + name + "\", found " + shown());
            }
            Json value = read_value(depth);
            const auto [place, is_new] = places.emplace(name, members.size());
            if (is_new) {
                // ordered_map looks through all its members; its base needs not.
                members.Json::object_t::Container::emplace_back(std::move(name), std::move(value));
            } else {
                members.begin()[static_cast<std::ptrdiff_t>(place->second)].second =
                    std::move(value);
            }
            expect_comma_or('}', "an object");
        }
        return members;
    }

    Json read_array(std::size_t depth) {
        Json values = Json::array();
        take();
        for (skip_blanks(); !take_if("]"); skip_blanks()) {
            values.push_back(read_value(depth));
            expect_comma_or(']', "an array");
        }
        return values;
    }

    void expect_comma_or(char end, std::string_view what) {
        skip_blanks();
        if (!take_if(",") && next() != end) {
            fail("expected ',' or '" + std::string(1, end) + "' in " + std::string(what) +
                 ", found " + shown());
        }
    }

    std::string read_name() {
        if (next() == '"' || next() == '\'') {
            return read_string();
        }
        std::string name;
        while (!at_end()) {
            const std::size_t begin = position_;
            char32_t c = take();
            if (c == '\\' && take_if("u")) {
                c = read_code_point();
            }
            if (!(name.empty() ? begins_name(c) : continues_name(c))) {
                position_ = begin;
                break;
            }
            append_utf8(name, c);
        }
        if (name.empty()) {
            fail("expected the name of a member, found " + shown());
        }
        return name;
    }

    std::string read_string() {
        const std::size_t begin = position_;
        const char32_t quote = take();
        std::string content;
        while (true) {
            if (at_end()) {
                position_ = begin;
                fail("a string without an end");
            }
            if (next() == '\n' || next() == '\r') {
                fail("a line end inside a string");
            }
            const char32_t c = take();
            if (c == quote) {
                return content;
            }
            if (c == '\\') {
                read_escape(content);
            } else {
                append_utf8(content, c);
            }
        }
    }

    void read_escape(std::string& content) {
        if (at_end()) {
            return;
        }
        const std::size_t begin = position_;
        const char32_t c = take();
        constexpr std::string_view kLetters = "bfnrtv0";
        constexpr std::string_view kMeanings("\b\f\n\r\t\v\0", 7);
        if (c == '\r') {
            take_if("\n");
        } else if (is_line_end(c)) {
            return;
        } else if (c == 'x') {
            append_utf8(content, read_hexadecimal(2));
        } else if (c == 'u') {
            append_utf8(content, read_code_point());
        } else if ((c >= '1' && c <= '9') || (c == '0' && is_digit(next()))) {
            position_ = begin;
            fail("an octal escape");
        } else if (c < 0x80 && kLetters.find(static_cast<char>(c)) != std::string_view::npos) {
            content += kMeanings[kLetters.find(static_cast<char>(c))];
        } else {
            append_utf8(content, c);
        }
    }

    char32_t read_hexadecimal(std::size_t digits) {
        std::uint32_t value = 0;
        const std::string_view text = text_.substr(position_, digits);
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), value, 16);
        if (error != std::errc{} || end != text.data() + digits) {
            fail("expected " + std::to_string(digits) + " hexadecimal digits");
        }
        position_ += digits;
        return value;
    }

    /// What follows `\u`: four digits, or two such units of UTF-16.
    char32_t read_code_point() {
        const std::size_t begin = position_;
        const char32_t high = read_hexadecimal(4);
        if (high < 0xD800 || high > 0xDFFF) {
            return high;
        }
        if (high <= 0xDBFF && take_if("\\u")) {
            const char32_t low = read_hexadecimal(4);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            }
        }
        position_ = begin;
        fail("half of a surrogate pair");
    }

    Json read_word() {
        const std::size_t begin = position_;
        while (!at_end() && continues_name(peek())) {
            take();
        }
        const std::string_view word = text_.substr(begin, position_ - begin);
        if (word == "true" || word == "false") {
            return word == "true";
        }
        if (word == "null") {
            return nullptr;
        }
        position_ = begin;
        refuse_infinite(word);
        fail("expected a value, found " + (word.empty() ? shown() : std::string(word)));
    }

    void refuse_infinite(std::string_view word) const {
        if (word == "Infinity" || word == "NaN") {
            fail(std::string(word) + ", which JSON cannot hold,");
        }
    }

    Json read_number() {
        const std::size_t begin = position_;
        const bool negative = next() == '-';
        if (negative || next() == '+') {
            take();
        }
        const std::size_t digits = position_;
        while (!at_end() && (continues_name(peek()) || next() == '.' || is_exponent_sign())) {
            take();
        }
        const std::string_view text = text_.substr(digits, position_ - digits);
        position_ = begin;
        refuse_infinite(text);
        const auto value = number_from(text, negative);
        if (!value) {
            fail("not a number: " + std::string(text_.substr(begin, digits - begin)) +
                 std::string(text));
        }
        position_ = digits + text.size();
        return *value;
    }

    [[nodiscard]] bool is_exponent_sign() const {
        return (next() == '+' || next() == '-') && to_lower(text_[position_ - 1]) == 'e';
    }

    static std::optional<Json> number_from(std::string_view text, bool negative) {
        if (text.starts_with("0x") || text.starts_with("0X")) {
            return integer_from(text.substr(2), negative, 16);
        }
        const bool leading_zero = text.size() > 1 && text[0] == '0' && is_digit(text[1]);
        const bool digits = std::ranges::any_of(text, is_digit);
        if (leading_zero || !digits || !(is_digit(text[0]) || text[0] == '.')) {
            return std::nullopt;
        }
        if (std::ranges::all_of(text, is_digit)) {
            if (auto integer = integer_from(text, negative, 10)) {
                return integer;
            }
        }
        double value = 0;
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, value);
        if (error != std::errc{} || stop != end || !std::isfinite(value)) {
            return std::nullopt;
        }
        return negative ? -value : value;
    }

    static std::optional<Json> integer_from(std::string_view text, bool negative, int base) {
        std::uint64_t value = 0;
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, value, base);
        if (error != std::errc{} || stop != end || text.empty()) {
            return std::nullopt;
        }
        if (!negative) {
            return value;
        }
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            return std::nullopt;
        }
        return -static_cast<std::int64_t>(value);
    }

    std::string_view text_;
    Json5Limits limits_;
    std::size_t position_ = 0;
};

}  // namespace

nlohmann::ordered_json parse_json5(std::string_view text, Json5Limits limits) {
    return Json5Reader(text, limits).read();
}

}  // namespace editprep::transport
