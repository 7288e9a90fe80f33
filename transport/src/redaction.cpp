#include "editprep/transport/redaction.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "ascii.hpp"
#include "editprep/transport/base64.hpp"
#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"
#include "sha256.hpp"

namespace editprep::transport {
namespace {

/// Shorter base64 identifies nothing but itself.
constexpr std::size_t kMaxPlainBase64 = 256;
/// More than any media type with its parameters.
constexpr std::size_t kMaxHeader = 256;

bool is_base64_character(char c) {
    constexpr std::string_view kMarks = "+/-_=";
    return is_letter_or_digit(c) || kMarks.find(c) != std::string_view::npos;
}

bool is_white_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

template <typename Predicate>
std::size_t run_length(std::string_view text, Predicate belongs) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, belongs) - text.begin());
}

/// A character as JSON strings and URIs may write it.
struct WrittenCharacter {
    char value = '\0';
    std::size_t length = 1;
};

std::optional<char> hexadecimal(std::string_view digits) {
    int value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc{} || end != digits.data() + digits.size() || value > 0x7F) {
        return std::nullopt;
    }
    return static_cast<char>(value);
}

/// The first character of a text that is not empty. Some writers escape every `/` or `+` of base64.
WrittenCharacter first_character(std::string_view text) {
    if (text.front() == '%' && text.size() >= 3) {
        const auto value = hexadecimal(text.substr(1, 2));
        return value ? WrittenCharacter{*value, 3} : WrittenCharacter{'%', 1};
    }
    if (text.front() != '\\' || text.size() < 2) {
        return {text.front(), 1};
    }
    if (text[1] == 'u' && text.size() >= 6) {
        const auto value = hexadecimal(text.substr(2, 4));
        return value ? WrittenCharacter{*value, 6} : WrittenCharacter{'\\', 1};
    }
    if (text[1] == 'n' || text[1] == 'r' || text[1] == 't') {
        return {'\n', 2};
    }
    return {text[1] == '/' ? '/' : '\\', 2};
}

/// `12345 bytes, sha256 0123456789abcdef...` of the content of base64 as it stands in a JSON
/// string, escapes included; of the text itself when that is no base64.
class PayloadIdentity {
public:
    explicit PayloadIdentity(std::string_view text) : text_(text) {}

    std::string words() {
        try {
            decode();
            return std::to_string(size_bytes_) + " bytes, " + digest(hash_);
        } catch (const Error&) {
            Sha256 hash;
            hash.update(text_);
            return std::to_string(text_.size()) + " characters, " + digest(hash);
        }
    }

    static std::string of_text(std::string_view text) {
        Sha256 hash;
        hash.update(text);
        return std::to_string(text.size()) + " characters, " + digest(hash);
    }

private:
    static std::string digest(const Sha256& hash) {
        return "sha256 " + hash.hex().substr(0, 16) + "...";
    }

    void decode() {
        // In pieces, so that a clip of 100 MB needs no copy.
        constexpr std::size_t kPieceCharacters = std::size_t{1} << 16;
        std::string piece;
        piece.reserve(kPieceCharacters);
        for (std::string_view rest = text_; !rest.empty();) {
            const auto [c, length] = first_character(rest);
            rest.remove_prefix(length);
            if (is_white_space(c)) {
                continue;
            }
            piece.push_back(c);
            if (piece.size() == kPieceCharacters) {
                take(piece);
                piece.clear();
            }
        }
        take(piece);
    }

    void take(std::string_view piece) {
        const auto content = decode_base64(piece, Base64Reading::tolerant);
        size_bytes_ += content.size();
        hash_.update(content);
    }

    std::string_view text_;
    std::size_t size_bytes_ = 0;
    Sha256 hash_;
};

/// What stands before the content of a data URI.
struct DataUriHead {
    /// From `data:` to the comma, both included.
    std::size_t length = 0;
    bool base64 = false;
};

/// Nothing where the text only looks like one, such as "data: see below, please". JSON may write
/// the slash of the media type as `\/`.
std::optional<DataUriHead> data_uri_head(std::string_view text) {
    if (!is_data_uri(text)) {
        return std::nullopt;
    }
    const std::size_t colon = text.find(':');
    const std::size_t comma = text.substr(0, kMaxHeader).find(',');
    if (comma == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view header = text.substr(colon + 1, comma - colon - 1);
    constexpr std::string_view kOther = "/;=\\";
    const bool plain = std::ranges::all_of(header, [&](char c) {
        return is_token({&c, 1}) || kOther.find(c) != std::string_view::npos;
    });
    const bool typed = header.empty() || header.front() == ';' || header.find('/') != header.npos;
    if (!plain || !typed) {
        return std::nullopt;
    }
    constexpr std::string_view kMark = ";base64";
    const bool base64 = header.size() >= kMark.size() &&
                        equal_ignoring_case(header.substr(header.size() - kMark.size()), kMark);
    return DataUriHead{comma + 1, base64};
}

/// The length of the base64 at the front of a text: one run of characters, or lines of them as mail
/// wraps them. A line end only counts inside such a block, so that the words behind a picture stay.
std::size_t base64_run(std::string_view text) {
    constexpr std::size_t kShortestWrappedLine = 60;
    std::size_t line_begin = 0;
    std::size_t end = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto [c, length] = first_character(text.substr(i));
        if (is_base64_character(c)) {
            line_begin = i == end ? line_begin : i;
            end = i + length;
        } else if (!is_white_space(c) || c == ' ' || end - line_begin < kShortestWrappedLine) {
            break;
        }
        i += length;
    }
    return end;
}

std::size_t url_run(std::string_view text) {
    return std::min(text.find_first_of(" \t\r\n\"'<>()\\`"), text.size());
}

/// True for members whose text is the content of a file.
bool names_a_payload(std::string_view key) {
    const std::string lower = lower_case(key);
    constexpr std::array<std::string_view, 8> kNames{"audio", "bytes", "content", "data",
                                                     "file",  "image", "mask",    "video"};
    return lower.find("b64") != std::string::npos || lower.find("base64") != std::string::npos ||
           std::ranges::find(kNames, lower) != kNames.end();
}

enum class Form { identified, brief };

/// What happens to long base64 that stands among words: it stays in a JSON string that no key marks
/// as a payload, for it may belong to a URL.
enum class Words { keep, shorten };

/// Copies a text and shortens payloads on the way. It looks at strings and the keys before them and
/// needs no valid JSON, so that an answer that was cut off is treated like a whole one.
class PayloadShortener {
public:
    PayloadShortener(std::string_view text, Form form) : text_(text), form_(form) {}

    std::string shortened() {
        if (is_data_uri(text_)) {
            put_string(text_);
            return std::move(out_);
        }
        std::size_t position = 0;
        while (position < text_.size()) {
            const std::size_t quote = std::min(text_.find('"', position), text_.size());
            put_between_strings(text_.substr(position, quote - position));
            if (quote == text_.size()) {
                break;
            }
            const std::size_t end = string_end(quote + 1);
            if (end == std::string_view::npos) {
                put_text(text_.substr(quote), Words::shorten);
                break;
            }
            put_quoted(quote + 1, end);
            position = end + 1;
        }
        return std::move(out_);
    }

private:
    [[nodiscard]] std::size_t string_end(std::size_t position) const {
        while (true) {
            position = text_.find_first_of("\"\\", position);
            if (position == std::string_view::npos || text_[position] == '"') {
                return position;
            }
            position += 2;
        }
    }

    /// Punctuation says to which container the next string belongs; an array's members count as
    /// what its key announced.
    void put_between_strings(std::string_view text) {
        for (const char c : text) {
            if (c == '{' || c == '[') {
                containers_.push_back(payload_expected_);
            } else if ((c == '}' || c == ']') && !containers_.empty()) {
                payload_expected_ = containers_.back();
                containers_.pop_back();
            }
        }
        put_text(text, Words::shorten);
    }

    void put_quoted(std::size_t begin, std::size_t end) {
        const std::string_view content = text_.substr(begin, end - begin);
        const std::size_t after = text_.find_first_not_of(" \t\r\n", end + 1);
        out_ += '"';
        if (after != std::string_view::npos && text_[after] == ':') {
            payload_expected_ = names_a_payload(content);
            put_text(content, Words::keep);
        } else if (payload_expected_ && content.size() > kMaxPlainBase64 && !is_data_uri(content) &&
                   base64_run(content) == content.size()) {
            put_summary("base64,", PayloadIdentity(content).words());
        } else {
            put_string(content);
        }
        out_ += '"';
    }

    /// A string of its own: when it begins as a data URI, all of it is one.
    void put_string(std::string_view text) {
        const auto head = data_uri_head(text);
        if (head) {
            put_data_uri(text, *head);
        } else {
            const bool holds_json = text.find("\\\"") != std::string_view::npos;
            put_text(text, holds_json ? Words::shorten : Words::keep);
        }
    }

    void put_data_uri(std::string_view uri, const DataUriHead& head) {
        const std::string_view payload = uri.substr(head.length);
        std::string header(uri.substr(0, head.length));
        std::erase(header, '\\');
        put_summary(header, head.base64 ? PayloadIdentity(payload).words()
                                        : PayloadIdentity::of_text(payload));
    }

    void put_summary(std::string_view header, const std::string& identity) {
        if (form_ == Form::brief) {
            out_ += "data:...";
            return;
        }
        out_ += header;
        out_ += "... (" + identity + ")";
    }

    /// Text that may have data URIs among its words.
    void put_text(std::string_view text, Words words) {
        std::size_t done = 0;
        for (std::size_t i = next_scheme(text, 0); i < text.size(); i = next_scheme(text, i)) {
            const auto head = data_uri_head(text.substr(i));
            const bool inside_a_word = i != 0 && is_letter_or_digit(text[i - 1]);
            if (!head || (inside_a_word && !head->base64)) {
                ++i;
                continue;
            }
            const std::string_view payload = text.substr(i + head->length);
            const std::size_t length = head->base64 ? base64_run(payload) : url_run(payload);
            put_words(text.substr(done, i - done), words);
            put_data_uri(text.substr(i, head->length + length), *head);
            i = done = i + head->length + length;
        }
        put_words(text.substr(done), words);
    }

    static std::size_t next_scheme(std::string_view text, std::size_t position) {
        while (position < text.size()) {
            position = std::min(text.find_first_of("dD", position), text.size());
            if (is_data_uri(text.substr(position))) {
                return position;
            }
            ++position;
        }
        return text.size();
    }

    void put_words(std::string_view text, Words words) {
        if (words == Words::keep) {
            out_ += text;
            return;
        }
        constexpr std::string_view kBefore = " \t\r\n\"'>(";
        std::size_t done = 0;
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t length = run_length(text.substr(i), is_base64_character);
            const std::string_view run = text.substr(i, length);
            const bool alone = i == 0 || kBefore.find(text[i - 1]) != std::string_view::npos;
            if (length > kMaxPlainBase64 && alone && is_mixed(run)) {
                out_ += text.substr(done, i - done);
                put_summary("base64,", PayloadIdentity(run).words());
                done = i + length;
            }
            i += length + 1;
        }
        out_ += text.substr(done);
    }

    /// Encoded content has letters of both cases: a long number or a rule of dashes is none.
    static bool is_mixed(std::string_view run) {
        return std::ranges::any_of(run, [](char c) { return c >= 'a' && c <= 'z'; }) &&
               std::ranges::any_of(run, [](char c) { return c >= 'A' && c <= 'Z'; });
    }

    std::string_view text_;
    Form form_;
    std::string out_;
    /// For each open container, whether strings around it were payloads.
    std::vector<bool> containers_;
    bool payload_expected_ = false;
};

constexpr std::string_view kHidden = "***";

void replace_all(std::string& text, std::string_view old) {
    if (old.empty() || text.find(old) == std::string::npos) {
        return;
    }
    std::string replaced;
    std::size_t done = 0;
    for (std::size_t i = text.find(old); i != std::string::npos; i = text.find(old, done)) {
        replaced.append(text, done, i - done);
        replaced += kHidden;
        done = i + old.size();
    }
    replaced.append(text, done);
    text = std::move(replaced);
}

/// The secret as it is, percent-encoded, and its secret part alone (fal: `id:secret`).
void hide_secret(std::string& text, std::string_view secret) {
    constexpr std::size_t kShortestPart = 8;
    if (secret.empty()) {
        return;
    }
    replace_all(text, secret);
    const std::string encoded = percent_encode(secret);
    if (encoded != secret) {
        replace_all(text, encoded);
    }
    const std::size_t colon = secret.find(':');
    if (colon != std::string_view::npos && secret.size() - colon - 1 >= kShortestPart) {
        replace_all(text, secret.substr(colon + 1));
    }
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_word_character(char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; }

bool is_key_character(char c) {
    constexpr std::string_view kMarks = "-._~+/=:";
    return is_letter_or_digit(c) || kMarks.find(c) != std::string_view::npos;
}

/// True for `api_key`, `x-api-key`, `FAL_KEY`, `clientSecret`, `Authorization` and their like.
bool names_a_secret(std::string_view word) {
    std::string name = lower_case(word);
    std::erase_if(name, [](char c) { return c == '_' || c == '-'; });
    constexpr std::array<std::string_view, 8> kEndings{"apikey",   "falkey",   "falkeysecret",
                                                       "secret",   "token",    "authorization",
                                                       "password", "secretkey"};
    return std::ranges::any_of(kEndings, [&](std::string_view end) { return name.ends_with(end); });
}

/// Copies a text word by word and leaves out what looks like a key.
class KeyHider {
public:
    explicit KeyHider(std::string_view text) : rest_(text) {}

    std::string hidden() {
        while (!rest_.empty()) {
            take(run_length(rest_, [](char c) { return !is_word_character(c); }));
            if (const std::size_t length = bare_key_length(); length != 0) {
                hide(length);
                continue;
            }
            const std::string_view word = rest_.substr(0, run_length(rest_, is_word_character));
            take(word.size());
            if (equal_ignoring_case(word, "bearer") || equal_ignoring_case(word, "key")) {
                hide_credentials(equal_ignoring_case(word, "key"));
            } else if (names_a_secret(word)) {
                hide_value();
            }
        }
        return std::move(out_);
    }

private:
    /// The length of a key that shows its kind by itself: `sk-...`, or fal's UUID and secret.
    [[nodiscard]] std::size_t bare_key_length() const {
        constexpr std::size_t kShortest = 12;
        constexpr std::size_t kUuid = 36;
        const std::size_t word = run_length(rest_, is_word_character);
        if (word >= kShortest && rest_.starts_with("sk-")) {
            return word;
        }
        const bool pair = word == kUuid && rest_.size() > kUuid && rest_[kUuid] == ':' &&
                          std::ranges::count(rest_.substr(0, kUuid), '-') == 4;
        const std::size_t secret =
            pair ? run_length(rest_.substr(kUuid + 1), is_word_character) : 0;
        return secret >= kShortest ? kUuid + 1 + secret : 0;
    }

    void take(std::size_t count) {
        out_ += rest_.substr(0, count);
        rest_.remove_prefix(count);
    }

    void hide(std::size_t count) {
        out_ += kHidden;
        rest_.remove_prefix(count);
    }

    /// Of an Authorization header. `Key` is also a word of every day, so its credentials must have
    /// the form `id:secret`.
    void hide_credentials(bool only_pairs) {
        const std::size_t blanks = run_length(rest_, is_blank);
        const std::string_view behind = rest_.substr(blanks);
        const std::size_t length = run_length(behind, is_key_character);
        const std::size_t colon = behind.substr(0, length).find(':');
        const bool pair = colon != std::string_view::npos && colon != 0 && colon + 1 < length;
        if (blanks == 0 || length == 0 || (only_pairs && !pair)) {
            return;
        }
        take(blanks);
        hide(length);
    }

    /// `"name": "value"`, `name: value` or `name=value`.
    void hide_value() {
        const std::size_t closing = quotes();
        take(closing);
        take(run_length(rest_, is_blank));
        if (rest_.empty() || (rest_.front() != ':' && rest_.front() != '=')) {
            return;
        }
        take(1 + run_length(rest_.substr(1), is_blank));
        const std::size_t opening = quotes();
        if (opening == 0 && closing != 0) {
            return;  // JSON: null, a number, an object
        }
        const char quote = opening == 0 ? '\0' : rest_[opening - 1];
        take(opening);
        const std::size_t length =
            opening == 0 ? bare_value_length() : quoted_length(quote, opening > 1);
        if (length != 0) {
            hide(length);
        }
    }

    /// A quotation mark, which JSON inside JSON escapes.
    [[nodiscard]] std::size_t quotes() const {
        const std::size_t escapes = run_length(rest_, [](char c) { return c == '\\'; });
        const bool quote =
            escapes < rest_.size() && (rest_[escapes] == '"' || rest_[escapes] == '\'');
        return quote ? escapes + 1 : 0;
    }

    /// Up to the closing mark, which is escaped where the opening one was.
    [[nodiscard]] std::size_t quoted_length(char quote, bool escaped) const {
        std::size_t end = 0;
        while (end < rest_.size() && rest_[end] != quote && !(escaped && rest_[end] == '\\')) {
            end += rest_[end] == '\\' ? 2U : 1U;
        }
        return std::min(end, rest_.size());
    }

    [[nodiscard]] std::size_t bare_value_length() const {
        const std::size_t length =
            std::min(rest_.find_first_of(" \t\r\n,;&\"'<>{}[]"), rest_.size());
        // A header's value may be a scheme with its credentials behind it.
        const std::string_view word = rest_.substr(0, length);
        for (const std::string_view scheme : {"bearer", "key", "basic"}) {
            if (equal_ignoring_case(word, scheme) && length < rest_.size()) {
                const std::size_t end = rest_.find_first_of("\r\n,;\"'", length);
                return std::min(end, rest_.size());
            }
        }
        return length;
    }

    std::string_view rest_;
    std::string out_;
};

}  // namespace

std::string redact_payloads(std::string_view json) {
    return PayloadShortener(json, Form::identified).shortened();
}

std::string shorten_payloads(std::string_view json) {
    return PayloadShortener(json, Form::brief).shortened();
}

std::string redact_keys(std::string_view text, std::string_view secret) {
    std::string redacted(text);
    hide_secret(redacted, secret);
    return KeyHider(redacted).hidden();
}

}  // namespace editprep::transport
