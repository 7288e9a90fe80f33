#include "reference_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

#include "ascii.hpp"
#include "editprep/transport/data_uri.hpp"
#include "json_walk.hpp"
#include "utf8.hpp"

namespace editprep::transport {
namespace {

using namespace std::string_view_literals;
using Kind = MediaReference::Kind;

constexpr auto kNowhere = std::string_view::npos;
constexpr auto kSpace = " \t\r\n\f\v"sv;
constexpr auto kGeneratedVideo = "generated_video.mp4"sv;

constexpr bool is_space(char c) { return kSpace.find(c) != kNowhere; }

bool is_one_of(char c, std::string_view characters) { return characters.find(c) != kNowhere; }

std::size_t find_or_end(std::string_view text, std::string_view what, std::size_t from) {
    return std::min(text.find(what, from), text.size());
}

std::size_t find_one_of_or_end(std::string_view text, std::string_view characters,
                               std::size_t from) {
    return std::min(text.find_first_of(characters, from), text.size());
}

std::size_t skip_space(std::string_view text, std::size_t from) {
    return std::min(text.find_first_not_of(kSpace, from), text.size());
}

std::string_view between(std::string_view text, std::size_t begin, std::size_t end) {
    return text.substr(begin, end - begin);
}

std::optional<FoundReference> found_at(std::optional<MediaReference> reference, std::size_t end) {
    if (!reference) {
        return std::nullopt;
    }
    return FoundReference{std::move(*reference), end};
}

// ---- Extensions

constexpr std::array kEstablishedExtensions{".jpg"sv, ".jpeg"sv, ".png"sv,  ".webp"sv,
                                            ".gif"sv, ".mp4"sv,  ".webm"sv, ".mov"sv};
constexpr std::array kFurtherExtensions{
    ".avif"sv, ".heic"sv, ".heif"sv, ".jxl"sv, ".bmp"sv, ".tif"sv, ".tiff"sv, ".svg"sv,
    ".m4v"sv,  ".mkv"sv,  ".avi"sv,  ".mp3"sv, ".wav"sv, ".m4a"sv, ".ogg"sv,  ".flac"sv};

using ExtensionTest = bool (*)(std::string_view text);

bool ends_in_established_extension(std::string_view text) {
    return std::ranges::any_of(kEstablishedExtensions,
                               [&](std::string_view ending) { return text.ends_with(ending); });
}

bool ends_in_any_extension(std::string_view text) {
    constexpr std::size_t kLongest = 5;
    const std::string ending =
        lower_case(text.substr(text.size() - std::min(text.size(), kLongest)));
    return ends_in_established_extension(ending) ||
           std::ranges::any_of(kFurtherExtensions,
                               [&](std::string_view known) { return ending.ends_with(known); });
}

bool has_any_extension(const MediaReference& reference) {
    const std::string_view value = reference.value;
    return ends_in_any_extension(value.substr(0, value.find_first_of("?#")));
}

// ---- URLs in running text

std::size_t scheme_length(std::string_view text) {
    for (const std::string_view scheme : {"http://"sv, "https://"sv}) {
        if (text.starts_with(scheme)) {
            return scheme.size();
        }
    }
    return 0;
}

/// Blanks outside ASCII that people paste along: no-break, those of U+2000 to U+200F, ideographic.
bool begins_wide_blank(std::string_view text) {
    return text.starts_with("\xC2\xA0"sv) || text.starts_with("\xE3\x80\x80"sv) ||
           (text.starts_with("\xE2\x80"sv) && text.size() > 2 &&
            static_cast<unsigned char>(text[2]) < 0x90);
}

bool ends_any_url(std::string_view rest) {
    const char c = rest.front();
    return static_cast<unsigned char>(c) <= ' ' || is_one_of(c, "\"'\\<>`") ||
           begins_wide_blank(rest);
}

/// The counts of brackets tell whether a closing one belongs to the URL or to the text around it.
struct Brackets {
    int round = 0;
    int square = 0;

    void count(char c) {
        round += (c == '(' ? 1 : 0) - (c == ')' ? 1 : 0);
        square += (c == '[' ? 1 : 0) - (c == ']' ? 1 : 0);
    }
    /// After such a character was counted.
    [[nodiscard]] bool closes_none(char c) const {
        return (c == ')' && round < 0) || (c == ']' && square < 0);
    }
};

/// What may follow an extension within a longer name or path.
bool continues_path(char c) { return is_letter_or_digit(c) || is_one_of(c, "/.-_~%+=&@$?#"); }

/// Up to a blank, a quote or the beginning of another URL; a closing bracket that was not opened
/// ends it where no path goes on behind.
std::string_view url_at(std::string_view text) {
    Brackets brackets;
    std::size_t end = scheme_length(text);
    for (; end < text.size() && !ends_any_url(text.substr(end)); ++end) {
        const char c = text[end];
        brackets.count(c);
        const std::string_view rest = text.substr(end + 1);
        if (is_one_of(c, ",;|") && scheme_length(rest) > 0) {
            break;
        }
        if (brackets.closes_none(c) && (rest.empty() || !continues_path(rest.front()))) {
            break;
        }
    }
    return text.substr(0, end);
}

/// Without the punctuation of the sentence around it.
std::string_view without_trailing_punctuation(std::string_view url) {
    Brackets brackets;
    for (const char c : url) {
        brackets.count(c);
    }
    while (!url.empty()) {
        const char last = url.back();
        if (!is_one_of(last, ",;.") && !brackets.closes_none(last)) {
            break;
        }
        url.remove_suffix(1);
        brackets.round += last == ')' ? 1 : 0;
        brackets.square += last == ']' ? 1 : 0;
    }
    return url;
}

/// The URL as far as it is one: its path or itself ends in an extension, or the extension is
/// followed by something that cannot be part of the name. Empty when there is no extension.
std::string_view media_url_in(std::string_view url, ExtensionTest ends_in_extension) {
    const std::size_t path_end = find_one_of_or_end(url, "?#", 0);
    if (ends_in_extension(url.substr(0, path_end)) || ends_in_extension(url)) {
        return url.substr(0, url.find('#'));
    }
    for (std::size_t dot = url.find('.'); dot != kNowhere; dot = url.find('.', dot + 1)) {
        std::size_t end = dot + 1;
        while (end < url.size() && is_letter_or_digit(url[end])) {
            ++end;
        }
        if (end == url.size() || !ends_in_extension(url.substr(0, end))) {
            continue;
        }
        if (end > path_end && url[end] == '&') {
            return url;
        }
        if (!continues_path(url[end])) {
            return url.substr(0, end);
        }
    }
    return {};
}

std::size_t find_scheme(std::string_view text, std::size_t from) {
    for (from = text.find("http", from); from != kNowhere; from = text.find("http", from + 1)) {
        if (scheme_length(text.substr(from)) > 0) {
            break;
        }
    }
    return from;
}

std::optional<FoundReference> find_media_url(std::string_view text, std::size_t from,
                                             ExtensionTest ends_in_extension) {
    for (from = find_scheme(text, from); from != kNowhere; from = find_scheme(text, from)) {
        const std::string_view whole = url_at(text.substr(from));
        const std::string_view url =
            media_url_in(without_trailing_punctuation(whole), ends_in_extension);
        from += whole.size();
        if (!url.empty()) {
            return FoundReference{{Kind::url, std::string(url)}, from};
        }
    }
    return std::nullopt;
}

std::optional<FoundReference> find_established_url(std::string_view text, std::size_t from) {
    return find_media_url(text, from, ends_in_established_extension);
}

std::optional<FoundReference> find_any_media_url(std::string_view text, std::size_t from) {
    return find_media_url(text, from, ends_in_any_extension);
}

std::optional<FoundReference> find_generated_video_url(std::string_view text, std::size_t from) {
    return find_media_url(text, from,
                          [](std::string_view url) { return url.ends_with(kGeneratedVideo); });
}

/// `src="...generated_video.mp4"`, its quotes perhaps behind backslashes.
std::optional<FoundReference> find_generated_video_source(std::string_view text, std::size_t from) {
    constexpr auto kAttribute = "src="sv;
    for (from = text.find(kAttribute, from); from != kNowhere; from = text.find(kAttribute, from)) {
        from += kAttribute.size();
        from += text.substr(from).starts_with('\\') ? 1U : 0U;
        if (!text.substr(from).starts_with('"')) {
            continue;
        }
        const std::size_t quote = text.find('"', ++from);
        if (quote == kNowhere) {
            break;
        }
        std::string_view value = between(text, from, quote);
        if (value.ends_with('\\')) {
            value.remove_suffix(1);
        }
        if (value.ends_with(kGeneratedVideo)) {
            if (auto reference = as_reference(value)) {
                return FoundReference{std::move(*reference), quote + 1};
            }
        }
    }
    return std::nullopt;
}

/// The URL that a path at `path` is the end of; nothing where no host stands before it.
std::optional<std::size_t> beginning_of_url(std::string_view text, std::size_t path) {
    constexpr std::size_t kLongestBeginning = 1024;
    const std::size_t earliest = path - std::min(path, kLongestBeginning);
    for (std::size_t i = path; i > earliest; --i) {
        const std::string_view rest = text.substr(i - 1, path - i + 1);
        if (ends_any_url(rest) || is_one_of(rest.front(), "(),;|")) {
            break;
        }
        if (const std::size_t length = scheme_length(rest); length > 0 && length < rest.size()) {
            return i - 1;
        }
    }
    return std::nullopt;
}

/// Files of OpenAI-compatible servers. An absolute URL to one is taken as it is.
std::optional<FoundReference> find_provider_file(std::string_view text, std::size_t from) {
    constexpr auto kPath = "/v1/files/"sv;
    for (from = text.find(kPath, from); from != kNowhere; from = text.find(kPath, from + 1)) {
        const std::size_t end = find_one_of_or_end(text, " \t\r\n\f\v\"'\\)<", from);
        if (end > from + kPath.size()) {
            const std::size_t begin = beginning_of_url(text, from).value_or(from);
            return found_at(as_reference(between(text, begin, end)), end);
        }
    }
    return std::nullopt;
}

// ---- Data URIs

bool is_data_header_character(char c) { return is_letter_or_digit(c) || is_one_of(c, "/;=.+-_"); }

bool is_base64_character(char c) { return is_letter_or_digit(c) || is_one_of(c, "+/=-_"); }

/// The end of the base64, slashes behind backslashes included; what is foreign to base64 and does
/// not end a URL either stays in, to be refused by name.
std::size_t end_of_base64(std::string_view text, std::size_t from) {
    for (;; from += 2) {
        from = find_one_of_or_end(text, " \t\r\n\f\v\"'\\)]}<>,;`", from);
        if (text.substr(from, 2) != "\\/") {
            return from;
        }
    }
}

/// Base64 in lines is allowed where nothing else is in the text.
bool is_base64_to_the_end(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return is_base64_character(c) || is_space(c); });
}

std::optional<FoundReference> find_data_uri(std::string_view text, std::size_t from,
                                            bool any_type) {
    constexpr auto kScheme = "data:"sv;
    for (from = text.find(kScheme, from); from != kNowhere; from = text.find(kScheme, from)) {
        const std::size_t begin = std::exchange(from, from + kScheme.size());
        const std::string_view type = text.substr(from);
        if (!any_type && !type.starts_with("image/") && !type.starts_with("video/")) {
            continue;
        }
        while (from < text.size() && is_data_header_character(text[from])) {
            ++from;
        }
        if (!text.substr(from).starts_with(',') ||
            !between(text, begin, from).ends_with(";base64")) {
            continue;
        }
        const std::size_t payload = ++from;
        const bool alone =
            skip_space(text, 0) == begin && is_base64_to_the_end(text.substr(payload));
        from = alone ? text.size() : end_of_base64(text, payload);
        std::string_view uri = between(text, begin, from);
        while (uri.ends_with('.')) {
            uri.remove_suffix(1);
        }
        if (uri.size() > payload - begin) {
            const bool escaped = uri.find('\\') != kNowhere;
            return FoundReference{{Kind::data_uri, escaped ? unescape_json(uri) : std::string(uri)},
                                  from};
        }
    }
    return std::nullopt;
}

std::optional<FoundReference> find_picture_data_uri(std::string_view text, std::size_t from) {
    return find_data_uri(text, from, /*any_type=*/false);
}

std::optional<FoundReference> find_any_data_uri(std::string_view text, std::size_t from) {
    return find_data_uri(text, from, /*any_type=*/true);
}

// ---- Markdown

struct Destination {
    std::string_view text;
    /// At what ended it: a blank, `>` or `)`.
    std::size_t end = 0;
};

/// What stands in the round brackets behind `](`, without a title.
Destination destination_at(std::string_view text, std::size_t from) {
    from = skip_space(text, from);
    if (text.substr(from).starts_with('<')) {
        const std::size_t end = find_or_end(text, ">", from);
        return {between(text, from + 1, std::max(end, from + 1)), end};
    }
    Brackets brackets;
    std::size_t end = from;
    for (; end < text.size() && !is_space(text[end]); ++end) {
        brackets.count(text[end]);
        if (text[end] == ')' && brackets.round < 0) {
            break;
        }
    }
    return {between(text, from, end), end};
}

std::optional<FoundReference> find_image_named(std::string_view text, std::size_t from,
                                               std::string_view opening) {
    for (from = text.find(opening, from); from != kNowhere; from = text.find(opening, from)) {
        const Destination destination = destination_at(text, from + opening.size());
        from = destination.end;
        auto reference = as_reference(destination.text);
        if (reference && from < text.size()) {
            return FoundReference{std::move(*reference), from};
        }
    }
    return std::nullopt;
}

std::optional<FoundReference> find_video_image(std::string_view text, std::size_t from) {
    return find_image_named(text, from, "![video](");
}

std::optional<FoundReference> find_image_image(std::string_view text, std::size_t from) {
    return find_image_named(text, from, "![image](");
}

/// Links, or images of any alternative text. Brackets may be nested: `[![small](a)](b)`.
std::optional<FoundReference> find_markdown(std::string_view text, std::size_t from, bool images) {
    constexpr std::size_t kMaxOpen = 256;
    std::vector<std::size_t> open;
    for (from = text.find_first_of("[]", from); from != kNowhere;
         from = text.find_first_of("[]", from)) {
        const std::size_t bracket = from++;
        if (text[bracket] == '[') {
            if (open.size() < kMaxOpen) {
                open.push_back(bracket);
            }
            continue;
        }
        if (open.empty()) {
            continue;
        }
        const std::size_t opening = open.back();
        open.pop_back();
        if (!text.substr(from).starts_with('(')) {
            continue;
        }
        const Destination destination = destination_at(text, from + 1);
        from = destination.end;
        const bool is_image = opening > 0 && text[opening - 1] == '!';
        auto reference = is_image == images ? as_reference(destination.text) : std::nullopt;
        if (reference && from < text.size() && (images || has_any_extension(*reference))) {
            return FoundReference{std::move(*reference), from};
        }
    }
    return std::nullopt;
}

std::optional<FoundReference> find_markdown_image(std::string_view text, std::size_t from) {
    return find_markdown(text, from, /*images=*/true);
}

std::optional<FoundReference> find_markdown_link(std::string_view text, std::size_t from) {
    return find_markdown(text, from, /*images=*/false);
}

// ---- HTML

struct Tag {
    std::string_view name;
    /// Values as written; empty where the attribute is absent.
    std::string_view source;
    std::string_view target;
    std::size_t end = 0;
};

/// Reads attributes up to the `>`. False when the text is no tag after all; `from` is then where to
/// look on.
bool take_attributes(std::string_view text, std::size_t& from, Tag& tag) {
    for (;;) {
        from = std::min(text.find_first_not_of(" \t\r\n\f\v/", from), text.size());
        if (from == text.size() || text[from] == '<') {
            return false;
        }
        if (text[from] == '>') {
            tag.end = ++from;
            return true;
        }
        const std::size_t name_end = find_one_of_or_end(text, " \t\r\n\f\v=></", from + 1);
        const std::string_view name = between(text, from, name_end);
        from = skip_space(text, name_end);
        if (!text.substr(from).starts_with('=')) {
            continue;
        }
        from = skip_space(text, from + 1);
        const bool quoted = from < text.size() && is_one_of(text[from], "\"'");
        const std::size_t begin = from + (quoted ? 1 : 0);
        const std::size_t end = quoted ? find_or_end(text, text.substr(from, 1), begin)
                                       : find_one_of_or_end(text, " \t\r\n\f\v>", begin);
        from = std::min(end + (quoted ? 1 : 0), text.size());
        if (equal_ignoring_case(name, "src")) {
            tag.source = between(text, begin, end);
        } else if (equal_ignoring_case(name, "href")) {
            tag.target = between(text, begin, end);
        }
    }
}

std::optional<Tag> next_tag(std::string_view text, std::size_t from) {
    for (from = text.find('<', from); from != kNowhere; from = text.find('<', from)) {
        const std::size_t begin = ++from;
        while (from < text.size() && is_letter_or_digit(text[from])) {
            ++from;
        }
        Tag tag;
        tag.name = between(text, begin, from);
        if (!tag.name.empty() && take_attributes(text, from, tag)) {
            return tag;
        }
    }
    return std::nullopt;
}

/// The character that `&...;` without its ends stands for; empty for what is no such name.
std::string entity(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNamed{
        {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}}};
    for (const auto& [known, meaning] : kNamed) {
        if (name == known) {
            return std::string(meaning);
        }
    }
    if (!name.starts_with('#')) {
        return {};
    }
    const bool hexadecimal = name.size() > 1 && to_lower(name[1]) == 'x';
    name.remove_prefix(hexadecimal ? 2 : 1);
    std::uint32_t code = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data(), end, code, hexadecimal ? 16 : 10);
    std::string character;
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    if (error == std::errc{} && stop == end && code <= 0x10FFFF && !surrogate) {
        append_utf8(character, code);
    }
    return character;
}

std::string without_entities(std::string_view text) {
    constexpr std::size_t kLongestEntity = 10;
    std::string plain;
    for (;;) {
        const std::size_t mark = find_or_end(text, "&", 0);
        plain += text.substr(0, mark);
        text.remove_prefix(mark);
        if (text.empty()) {
            return plain;
        }
        const std::size_t end = text.substr(0, kLongestEntity).find(';');
        const std::string meaning = end == kNowhere ? std::string() : entity(between(text, 1, end));
        plain += meaning.empty() ? "&" : meaning;
        text.remove_prefix(meaning.empty() ? 1 : end + 1);
    }
}

std::optional<FoundReference> find_media_element(std::string_view text, std::size_t from) {
    constexpr std::array kElements{"img"sv, "video"sv, "source"sv, "audio"sv};
    for (auto tag = next_tag(text, from); tag; tag = next_tag(text, tag->end)) {
        const bool media = std::ranges::any_of(kElements, [&](std::string_view element) {
            return equal_ignoring_case(tag->name, element);
        });
        if (media) {
            if (auto reference = as_reference(without_entities(tag->source))) {
                return FoundReference{std::move(*reference), tag->end};
            }
        }
    }
    return std::nullopt;
}

std::optional<FoundReference> find_anchor(std::string_view text, std::size_t from) {
    for (auto tag = next_tag(text, from); tag; tag = next_tag(text, tag->end)) {
        if (equal_ignoring_case(tag->name, "a")) {
            auto reference = as_reference(without_entities(tag->target));
            if (reference && has_any_extension(*reference)) {
                return FoundReference{std::move(*reference), tag->end};
            }
        }
    }
    return std::nullopt;
}

constexpr std::array<ReferenceRule, 7> kEstablishedRules{
    find_generated_video_source, find_generated_video_url, find_video_image,  find_image_image,
    find_picture_data_uri,       find_established_url,     find_provider_file};

constexpr std::array<ReferenceRule, 6> kFurtherRules{find_media_element,  find_anchor,
                                                     find_markdown_image, find_markdown_link,
                                                     find_any_media_url,  find_any_data_uri};

// ---- Values

bool begins_with_scheme(std::string_view text) {
    const std::size_t end = text.find_first_of(":/?#");
    return end != kNowhere && text[end] == ':';
}

bool has_blank_or_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return c == ' ' || is_control(c); });
}

}  // namespace

std::string_view without_outer_space(std::string_view text) {
    const std::size_t begin = skip_space(text, 0);
    return between(text, begin, std::max(begin, text.find_last_not_of(kSpace) + 1));
}

std::span<const ReferenceRule> established_rules() { return kEstablishedRules; }

std::span<const ReferenceRule> further_rules() { return kFurtherRules; }

std::optional<FoundReference> find_base64_member(std::string_view text, std::size_t from) {
    constexpr auto kName = "\"b64_json\""sv;
    for (from = text.find(kName, from); from != kNowhere; from = text.find(kName, from)) {
        from = skip_space(text, from + kName.size());
        if (!text.substr(from).starts_with(':')) {
            continue;
        }
        from = skip_space(text, from + 1);
        if (!text.substr(from).starts_with('"')) {
            continue;
        }
        const std::size_t quote = text.find('"', from + 1);
        if (quote == kNowhere) {
            break;
        }
        if (auto reference = as_base64(unescape_json(between(text, from + 1, quote)))) {
            return FoundReference{std::move(*reference), quote + 1};
        }
        from = quote;
    }
    return std::nullopt;
}

std::optional<MediaReference> as_base64(std::string value) {
    const std::string_view text = without_outer_space(value);
    if (text.empty()) {
        return std::nullopt;
    }
    const Kind kind = is_data_uri(text) ? Kind::data_uri : Kind::base64;
    return MediaReference{kind, text.size() < value.size() ? std::string(text) : std::move(value)};
}

std::optional<MediaReference> as_reference(std::string_view text) {
    text = without_outer_space(text);
    if (is_data_uri(text)) {
        return MediaReference{Kind::data_uri, std::string(text)};
    }
    if (text.find_first_not_of('/') == kNowhere || has_blank_or_control(text)) {
        return std::nullopt;
    }
    if (!begins_with_scheme(text)) {
        return MediaReference{Kind::relative, std::string(text)};
    }
    const std::size_t length = scheme_length(lower_case(text.substr(0, 8)));
    if (length == 0 || length == text.size()) {
        return std::nullopt;
    }
    return MediaReference{Kind::url, std::string(text)};
}

}  // namespace editprep::transport
