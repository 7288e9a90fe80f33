#include "tools/shared/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto kReplaceBadBytes = Json::error_handler_t::replace;

constexpr int kDeepestInput = 500;

/// What the parser says, without its own name for the kind of error and without what it read last,
/// which may be a file in base64.
std::string reason_of(const Json::parse_error& error) {
    const std::string text = error.what();
    const auto bracket = text.find("] ");
    const std::string reason = bracket == std::string::npos ? text : text.substr(bracket + 2);
    return reason.substr(0, reason.find("; last read"));
}

std::string dump(const Json& value, int indent) {
    return value.dump(indent, ' ', /*ensure_ascii=*/false, kReplaceBadBytes);
}

void append(std::string& line, const Json& value) {
    if (!value.is_structured()) {
        line += dump(value, -1);
        return;
    }
    line += value.is_object() ? '{' : '[';
    const char* separator = "";
    for (const auto& member : value.items()) {
        line += separator;
        if (value.is_object()) {
            line += dump(member.key(), -1) + ": ";
        }
        append(line, member.value());
        separator = ", ";
    }
    line += value.is_object() ? '}' : ']';
}

/// Lays out a text that is known to be JSON, token by token: numbers would not survive being read
/// into machine types.
class Layout {
public:
    Layout(std::string_view json, bool indented, NonAscii non_ascii)
        : json_(json), indented_(indented), non_ascii_(non_ascii) {
        text_.reserve(json.size() + json.size() / 8);
    }

    [[nodiscard]] std::string run() {
        for (skip_blanks(); position_ < json_.size(); skip_blanks()) {
            take_token();
        }
        return std::move(text_);
    }

private:
    static constexpr std::size_t kDeepestIndented = 100;

    void skip_blanks() {
        position_ = std::min(json_.find_first_not_of(" \t\r\n", position_), json_.size());
    }

    void take_token() {
        const char letter = json_[position_];
        if (letter == '{' || letter == '[') {
            open();
        } else if (letter == '}' || letter == ']') {
            close();
        } else if (letter == ',') {
            text_ += letter;
            ++position_;
            separate();
        } else if (letter == ':') {
            text_ += ": ";
            ++position_;
        } else if (letter == '"') {
            take_string();
        } else {
            take_until(std::min(json_.find_first_of(" \t\r\n,:]}", position_), json_.size()));
        }
    }

    void open() {
        text_ += json_[position_++];
        skip_blanks();
        if (json_[position_] == '}' || json_[position_] == ']') {
            text_ += json_[position_++];
            return;
        }
        ++depth_;
        if (breaks_lines()) {
            start_line();
        }
    }

    void close() {
        const bool broken = breaks_lines();
        --depth_;
        if (broken) {
            start_line();
        }
        text_ += json_[position_++];
    }

    void separate() {
        if (breaks_lines()) {
            start_line();
        } else {
            text_ += ' ';
        }
    }

    [[nodiscard]] bool breaks_lines() const { return indented_ && depth_ < kDeepestIndented; }

    void start_line() { text_.append(1, '\n').append(2 * depth_, ' '); }

    void take_until(std::size_t end) {
        text_ += json_.substr(position_, end - position_);
        position_ = end;
    }

    void take_string() {
        std::size_t end = position_ + 1;
        bool plain = true;
        for (; json_[end] != '"'; ++end) {
            const auto letter = static_cast<unsigned char>(json_[end]);
            plain = plain && letter != '\\' && letter < 0x7F;
            end += letter == '\\' ? 1 : 0;
        }
        ++end;
        if (plain) {
            take_until(end);
            return;
        }
        const auto value = Json::parse(json_.substr(position_, end - position_));
        text_ += value.dump(-1, ' ', non_ascii_ == NonAscii::escaped, kReplaceBadBytes);
        position_ = end;
    }

    std::string_view json_;
    bool indented_;
    NonAscii non_ascii_;
    std::string text_;
    std::size_t position_ = 0;
    std::size_t depth_ = 0;
};

std::string laid_out(std::string_view json, bool indented, NonAscii non_ascii) {
    if (!is_json(json)) {
        throw std::invalid_argument("not JSON");
    }
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (json.starts_with(kByteOrderMark)) {
        json.remove_prefix(kByteOrderMark.size());
    }
    return Layout(json, indented, non_ascii).run();
}

}  // namespace

std::string indented_json(const Json& value) { return dump(value, 2); }

std::string one_line_json(const Json& value) {
    std::string line;
    append(line, value);
    return line;
}

Json read_json(std::string_view text) {
    try {
        return Json::parse(text, [](int depth, Json::parse_event_t event, const Json&) {
            const bool opens = event == Json::parse_event_t::array_start ||
                               event == Json::parse_event_t::object_start;
            if (opens && depth >= kDeepestInput) {
                throw std::invalid_argument("it is nested too deeply, the most are " +
                                            std::to_string(kDeepestInput) + " levels");
            }
            return true;
        });
    } catch (const Json::parse_error& error) {
        throw std::invalid_argument(reason_of(error));
    } catch (const Json::exception&) {
        throw std::invalid_argument("a number in it is too large");
    }
}

bool is_json(std::string_view text) { return Json::accept(text); }

std::string indented_json_text(std::string_view json, NonAscii non_ascii) {
    return laid_out(json, /*indented=*/true, non_ascii);
}

std::string one_line_json_text(std::string_view json, NonAscii non_ascii) {
    return laid_out(json, /*indented=*/false, non_ascii);
}

std::string json_string(std::string_view text) { return dump(Json(text), -1); }

}  // namespace editprep::tools
