#include "tools/generate_batch_media/template.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "tools/shared/json_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

/// As many digits as anybody pads a number to; more would let a short text grow without end.
constexpr std::size_t kWidestPadding = 99;

bool begins_name(char letter) noexcept {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
           (static_cast<unsigned char>(letter) & 0x80) != 0;
}

bool continues_name(char letter) noexcept {
    return begins_name(letter) || (letter >= '0' && letter <= '9');
}

/// `{name}` or `{name:03d}` at the front of a text.
struct Placeholder {
    std::string_view name;
    /// 0 for none.
    std::size_t width = 0;
    /// Of the whole group, braces included.
    std::size_t length = 0;
};

std::string_view leading_name(std::string_view text) {
    if (text.empty() || !begins_name(text.front())) {
        return {};
    }
    const auto end = std::ranges::find_if_not(text, continues_name);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// The width of `:03d` and how long that is.
struct Padding {
    std::size_t width = 0;
    std::size_t length = 0;
};

std::optional<Padding> leading_padding(std::string_view text) {
    if (!text.starts_with(":0")) {
        return std::nullopt;
    }
    std::size_t width = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), width);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || width == 0 || width > kWidestPadding ||
        !text.substr(length).starts_with('d')) {
        return std::nullopt;
    }
    return Padding{width, length + 1};
}

std::optional<Placeholder> leading_placeholder(std::string_view text) {
    const std::string_view name = leading_name(text.substr(1));
    if (name.empty()) {
        return std::nullopt;
    }
    Placeholder found{name, 0, 1 + name.size()};
    if (const auto padding = leading_padding(text.substr(found.length))) {
        found.width = padding->width;
        found.length += padding->length;
    }
    if (!text.substr(found.length).starts_with('}')) {
        return std::nullopt;
    }
    ++found.length;
    return found;
}

/// In the words of the older command, whose users' prompts may count on them.
std::string text_of(const Json& value) {
    switch (value.type()) {
        case Json::value_t::string:
            return value.get<std::string>();
        case Json::value_t::boolean:
            return value.get<bool>() ? "True" : "False";
        case Json::value_t::null:
            return "None";
        default:
            return one_line_json(value);
    }
}

std::string padded(std::string digits, std::size_t width) {
    const std::size_t sign = digits.starts_with('-') ? 1 : 0;
    if (digits.size() < width) {
        digits.insert(sign, width - digits.size(), '0');
    }
    return digits;
}

class Renderer {
public:
    Renderer(std::string_view text, const Json& variables) : text_(text), variables_(variables) {}

    [[nodiscard]] std::string rendered() {
        while (!text_.empty()) {
            take(std::min(text_.find_first_of("{}"), text_.size()));
            if (text_.starts_with("{{")) {
                open_.push_back(Brace::doubled);
                replace(2, "{");
            } else if (text_.starts_with('{')) {
                take_group();
            } else if (text_.starts_with('}')) {
                take_end();
            }
        }
        return std::move(rendered_);
    }

    /// Known once the text is rendered.
    [[nodiscard]] const std::vector<std::string>& unknown() const noexcept { return unknown_; }

private:
    /// How a brace that is open was written.
    enum class Brace { single, doubled };

    void take(std::size_t length) { replace(length, text_.substr(0, length)); }

    void replace(std::size_t length, std::string_view replacement) {
        rendered_ += replacement;
        text_.remove_prefix(length);
    }

    void take_group() {
        const auto placeholder = leading_placeholder(text_);
        if (!placeholder) {
            open_.push_back(Brace::single);
            take(1);
            return;
        }
        const auto value = variables_.find(placeholder->name);
        const bool fits =
            value != variables_.end() && (placeholder->width == 0 || value->is_number_integer());
        if (value == variables_.end()) {
            unknown_.emplace_back(placeholder->name);
        }
        if (!fits) {
            take(placeholder->length);
        } else {
            replace(placeholder->length, padded(text_of(*value), placeholder->width));
        }
    }

    /// Two of them are one, but for those that end two groups of JSON: those were opened by one
    /// each.
    void take_end() {
        const bool literal = !open_.empty() && open_.back() == Brace::single;
        const bool pair = !literal && text_.starts_with("}}");
        if (!open_.empty() && (literal || pair)) {
            open_.pop_back();
        }
        replace(pair ? 2 : 1, "}");
    }

    std::string_view text_;
    const Json& variables_;
    std::string rendered_;
    std::vector<Brace> open_;
    std::vector<std::string> unknown_;
};

void add_unknown(std::vector<std::string>& names, const Json& value, const Json& variables) {
    if (value.is_string()) {
        Renderer renderer(value.get_ref<const std::string&>(), variables);
        static_cast<void>(renderer.rendered());
        std::ranges::copy(renderer.unknown(), std::back_inserter(names));
    } else if (value.is_structured()) {
        for (const auto& member : value.items()) {
            if (value.is_array() || member.key() != "vars") {
                add_unknown(names, member.value(), variables);
            }
        }
    }
}

}  // namespace

std::vector<std::string> unknown_names(const Json& value, const Json& variables) {
    std::vector<std::string> names;
    add_unknown(names, value, variables);
    std::ranges::sort(names);
    const auto twins = std::ranges::unique(names);
    names.erase(twins.begin(), twins.end());
    return names;
}

std::string render(const std::string& text, const Json& variables) {
    return Renderer(text, variables).rendered();
}

Json render_all(const Json& value, const Json& variables) {
    if (value.is_string()) {
        return render(value.get_ref<const std::string&>(), variables);
    }
    if (!value.is_structured()) {
        return value;
    }
    Json rendered(value.type());
    for (const auto& member : value.items()) {
        if (value.is_array()) {
            rendered.push_back(render_all(member.value(), variables));
        } else if (member.key() != "vars") {
            rendered[member.key()] = render_all(member.value(), variables);
        }
    }
    return rendered;
}

}  // namespace editprep::tools::generate_batch_media
