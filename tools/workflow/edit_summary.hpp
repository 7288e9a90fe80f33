#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "editprep/imaging/geometry.hpp"
#include "tools/shared/context.hpp"

/// What a request for a picture came to, and how it is printed.
namespace editprep::tools {

/// The part of a picture that alone was sent.
struct SentPart {
    imaging::Rect crop{};
    /// What it was scaled to.
    imaging::Size sent_size{};
};

struct EditSummary {
    /// HTTP status, or what it would be for a provider that needs no network.
    int status = 200;
    std::string model;
    std::string provider;
    /// Full URL; nothing for a provider that needs no network.
    std::optional<std::string> endpoint{};
    std::optional<std::string> mask{};
    /// The body as it was sent, as JSON text; empty where callers know of no such key.
    std::string request{};
    /// The provider's answer as it was received: JSON, or any text.
    std::string response{};
    /// The final picture.
    std::optional<std::string> downloaded{};
    /// All of them, where the answer held several.
    std::vector<std::string> downloads{};
    std::vector<std::string> hints{};
    /// The provider's own picture, where the final one is a composite made here.
    std::optional<std::string> provider_output{};
    bool prompt_used = false;
    std::optional<std::string> preview{};
    /// The entry in the job store; nothing for a provider that needs none.
    std::optional<std::int64_t> job{};
    /// Nothing when the whole picture was sent.
    std::optional<SentPart> focus{};
    /// The answer is there, but not everything that was to be made of it; the hints say why.
    bool incomplete = false;
    /// To be called once the summary was written to stdout, see finish; may be empty.
    std::function<void()> on_printed{};

    [[nodiscard]] bool ok() const noexcept { return status < 400; }
    [[nodiscard]] bool done() const noexcept { return ok() && !incomplete; }
};

/// An edit's summary as JSON text: all keys, in the order that callers know; new ones at the end.
[[nodiscard]] std::string edit_json(const EditSummary& summary);
/// The same for a generation, which callers know with fewer keys.
[[nodiscard]] std::string generation_json(const EditSummary& summary);

/// STATUS, the response on one line (as received for an HTTP failure), DOWNLOADED when a file was
/// saved, hints when something went wrong; each line with its end.
[[nodiscard]] std::string to_lines(const EditSummary& summary);

/// True for text that is JSON and not a bare null, which counts as text.
[[nodiscard]] bool is_json_answer(const std::string& text);

/// The contract's hints for an HTTP status of 400 and more.
/// @param endpoint what the user would look for at the provider: a path or a model
/// @param purpose `image editing`, `image generation`
[[nodiscard]] std::vector<std::string> hints_for(int status, const std::string& endpoint,
                                                 const std::string& purpose);

/// Prints an edit's summary as JSON or as lines, the latter with `further_lines` when all is done;
/// ends the command with exit code 1 when it is not.
void print_edit(const EditSummary& summary, bool as_json, const std::string& further_lines,
                const Context& context);

/// To be called once everything is printed: takes the answer as handed over, and ends the command
/// with exit code 1 unless all is done.
void finish(const EditSummary& summary);

/// A JSON object put together as text, so that a text received from elsewhere can be a member
/// without a digit of its numbers being touched.
class JsonObjectText {
public:
    void add(const std::string& key, const nlohmann::ordered_json& value);
    /// @param json_text valid JSON
    void add_text(const std::string& key, const std::string& json_text);

    [[nodiscard]] std::string text() const { return '{' + members_ + '}'; }

private:
    std::string members_;
};

}  // namespace editprep::tools
