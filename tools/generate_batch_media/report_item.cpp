#include "tools/generate_batch_media/report_item.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/generate_batch_media/report_text.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

/// Of each stream; what was said last matters most.
constexpr std::size_t kMostLogBytes = 20'000;
constexpr std::size_t kMostPromptBytes = 20'000;

constexpr const char* kWarningsTitle = "Warnings";

std::string file_name(const std::string& path) {
    return std::filesystem::path(path).filename().string();
}

std::string text_member(const Json& item, const char* key) {
    const auto found = item.is_object() ? item.find(key) : item.end();
    return found != item.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// A member that is a text, or a list that begins with one.
std::string first_text(const Json& item, const char* key) {
    const auto found = item.is_object() ? item.find(key) : item.end();
    if (found == item.end() || !found->is_array()) {
        return text_member(item, key);
    }
    return !found->empty() && found->front().is_string() ? found->front().get<std::string>()
                                                         : std::string();
}

/// Nothing in it that is a payload or a key.
std::string public_text(const std::string& text) {
    return without_all_keys(transport::shorten_payloads(text));
}

/// Whole characters of UTF-8, as many as a page can bear.
std::string beginning_of(const std::string& prompt) {
    if (prompt.size() <= kMostPromptBytes) {
        return prompt;
    }
    std::size_t end = kMostPromptBytes;
    while (end > 0 && (static_cast<unsigned char>(prompt[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return prompt.substr(0, end) + "\n... (" + std::to_string(prompt.size() - end) + " bytes more)";
}

/// A picture that the item began with, or what it left.
struct Medium {
    /// What the page calls its role.
    std::string label;
    /// A path, a URL or a data URI.
    std::string place;
    MediumView view;

    [[nodiscard]] bool is_file() const {
        return !transport::is_data_uri(place) && !place.starts_with("http://") &&
               !place.starts_with("https://");
    }
    [[nodiscard]] std::string name() const {
        return is_file() ? file_name(place) : "the picture in the manifest";
    }
};

/// Edits are seen as before and after; what a video begins with, or a reference, is not what
/// becomes the result.
std::optional<Medium> source_of(const ItemResult& result) {
    const Json& item = result.item;
    if (const std::string image = first_text(item, "image"); !image.empty()) {
        const bool edit = command_of(result) != "generate_video";
        return Medium{.label = edit ? "Before" : "Source", .place = image, .view = {}};
    }
    for (const char* key : {"reference_images", "reference_image"}) {
        if (const std::string reference = first_text(item, key); !reference.empty()) {
            return Medium{.label = "Reference", .place = reference, .view = {}};
        }
    }
    return std::nullopt;
}

MediumView look_at(const Medium& medium, MediumViewer& viewer) {
    if (transport::is_data_uri(medium.place)) {
        return viewer.view_of_data_uri(medium.place);
    }
    return medium.is_file() ? viewer.view_of(medium.place) : MediumView{.facts = "behind a URL"};
}

/// The same picture may come back in another size, rounded to whole pixels.
bool same_shape(const MediumView& one, const MediumView& other) {
    if (!one.thumbnail || !other.thumbnail || one.kind != MediumView::Kind::picture ||
        other.kind != MediumView::Kind::picture) {
        return false;
    }
    const imaging::Size a = one.thumbnail->full_size;
    const imaging::Size b = other.thumbnail->full_size;
    const std::int64_t across = std::int64_t{a.width} * b.height;
    const std::int64_t down = std::int64_t{b.width} * a.height;
    return std::abs(across - down) * 100 <= std::max(across, down);
}

/// Of two pictures that are seen together: one above the other shows more of them.
bool are_wide(const MediumView& one, const MediumView& other) {
    constexpr double kStageAspect = 4.0 / 3;
    double aspects = 0;
    for (const MediumView* view : {&one, &other}) {
        const auto& thumbnail = view->thumbnail;
        aspects += thumbnail ? static_cast<double>(thumbnail->size.width) / thumbnail->size.height
                             : kStageAspect;
    }
    return aspects > 2 * kStageAspect;
}

class ItemPage {
public:
    ItemPage(const ItemResult& result, const std::string& page, bool planned, MediumViewer& viewer)
        : result_(result), page_(page), planned_(planned), number_(std::to_string(result.index)) {
        if (auto source = source_of(result)) {
            source->view = look_at(*source, viewer);
            note_problem(*source);
            source_ = std::move(source);
        }
        const std::string label = source_ && source_->label == "Before" ? "After" : "Result";
        for (const std::string& file : result.files) {
            results_.push_back({.label = label, .place = file, .view = viewer.view_of(file)});
            note_problem(results_.back());
        }
    }

    [[nodiscard]] ItemHtml html() {
        const std::string body = heading() + prompt() + facts() + files() + logs();
        const std::string article =
            element("article", {{"aria-labelledby", "title-" + number_}},
                    element("div", {{"class", "stage"}}, stage()) + strip() +
                        element("div", {{"class", "body"}}, body));
        return {.html = element("li",
                                {{"class", "item"},
                                 {"id", "item-" + number_},
                                 {"data-state", state()},
                                 {"data-command", command_of(result_)}},
                                article) +
                        '\n',
                .problems = std::move(problems_)};
    }

private:
    void note_problem(const Medium& medium) {
        if (!medium.view.problem.empty()) {
            problems_.push_back("item " + number_ + ": " + medium.name() + ": " +
                                medium.view.problem);
        }
    }

    [[nodiscard]] bool is_good() const { return result_.ok && !result_.would_fail; }

    [[nodiscard]] std::string state() const {
        if (!is_good()) {
            return "failed";
        }
        return planned_ ? "planned" : "done";
    }

    // ---- Pictures

    [[nodiscard]] std::string stage() const {
        if (results_.empty()) {
            return source_ ? figure(*source_) : placeholder(nothing_text(), {});
        }
        const Medium& result = results_.front();
        if (!source_ || !source_->view.thumbnail) {
            return figure(result);
        }
        const std::string both = figure(*source_) + figure(result);
        if (!same_shape(source_->view, result.view)) {
            const bool stacked = are_wide(source_->view, result.view);
            return element("div", {{"class", stacked ? "pair stacked" : "pair"}}, both);
        }
        const std::string slider = opening_tag(
            "input", {{"type", "range"},
                      {"min", "0"},
                      {"max", "100"},
                      {"value", "50"},
                      {"class", "slider"},
                      {"hidden", "hidden"},
                      {"data-before", source_->label},
                      {"aria-label",
                       source_->label + " and " + lower_case(result.label) + ", item " + number_}});
        return element("div", {{"class", "pair compare"}}, both + slider);
    }

    [[nodiscard]] std::string nothing_text() const {
        if (planned_) {
            return "Not made yet: dry run";
        }
        return result_.ok ? "Nothing to be seen" : "Nothing was made";
    }

    [[nodiscard]] std::string figure(const Medium& medium) const {
        const bool before = source_ && &medium == &*source_;
        if (!medium.view.thumbnail) {
            const std::string what =
                medium.view.kind == MediumView::Kind::video ? "Video" : medium.label;
            return placeholder(medium.view.problem.empty() ? what : medium.view.problem, medium);
        }
        const std::string caption = element("figcaption", {}, html_text(medium.label));
        return element("figure", {{"class", before ? "before" : "after"}},
                       linked(medium, image(medium)) + caption);
    }

    [[nodiscard]] std::string image(const Medium& medium) const {
        const Thumbnail& thumbnail = *medium.view.thumbnail;
        const bool clip = medium.view.kind == MediumView::Kind::video;
        // The URI needs no escaping, and is long.
        return "<img src=\"" + thumbnail.uri + "\" width=\"" +
               std::to_string(thumbnail.size.width) + "\" height=\"" +
               std::to_string(thumbnail.size.height) + "\" decoding=\"async\"" +
               (thumbnail.transparent ? " class=\"transparent\"" : "") + " alt=\"" +
               html_text(medium.label + ": " + medium.name() + (clip ? ", first frame" : "")) +
               "\">";
    }

    [[nodiscard]] std::string linked(const Medium& medium, const std::string& html) const {
        const bool clip =
            medium.view.kind == MediumView::Kind::video && medium.view.thumbnail.has_value();
        return medium.is_file() ? element("a",
                                          {{"href", relative_link(page_, medium.place)},
                                           {"class", clip ? "clip" : ""}},
                                          html)
                                : html;
    }

    [[nodiscard]] std::string placeholder(const std::string& text,
                                          const std::optional<Medium>& medium) const {
        std::string html = element("strong", {}, html_text(text));
        if (medium) {
            html += element("span", {}, html_text(medium->name()));
            html += element("span", {}, html_text(medium->view.facts));
            if (medium->view.problem.empty()) {
                html = linked(*medium, html);
            }
        }
        return element("div", {{"class", "placeholder"}}, html);
    }

    /// All results, where there are several.
    [[nodiscard]] std::string strip() const {
        if (results_.size() < 2) {
            return {};
        }
        std::string list;
        for (std::size_t i = 1; i < results_.size(); ++i) {
            const Medium& medium = results_[i];
            list += element("li", {},
                            medium.view.thumbnail ? linked(medium, image(medium))
                                                  : placeholder(medium.view.problem, medium));
        }
        return element("ul", {{"class", "strip"}, {"aria-label", "Further results"}}, list);
    }

    // ---- Words

    [[nodiscard]] std::string heading() const {
        const std::string command = command_of(result_);
        const std::string mode = text_member(result_.item, "mode");
        const std::string link = element("a", {{"href", "#item-" + number_}}, '#' + number_);
        std::string html = element(
            "h2", {{"id", "title-" + number_}},
            link + ' ' + element("span", {}, html_text(command.empty() ? "no command" : command)));
        if (!mode.empty()) {
            html += element("span", {{"class", "mode"}}, html_text(mode));
        }
        std::string shown = result_.reused && result_.ok ? "done before" : state();
        if (result_.would_fail) {
            shown = "would fail";
        }
        html += element("span", {{"class", "badge"}}, shown);
        return element("div", {{"class", "heading"}}, html);
    }

    [[nodiscard]] std::string prompt() const {
        const std::string text = text_member(result_.item, "prompt");
        if (!text.empty()) {
            return element("p", {{"class", "prompt"}, {"dir", "auto"}},
                           html_text(beginning_of(public_text(text))));
        }
        if (result_.item.is_object()) {
            return {};
        }
        return element("pre", {}, html_text(public_text(indented_json(result_.item))));
    }

    [[nodiscard]] std::string facts() const {
        const bool was_run = !planned_ && !result_.reused;
        std::string list = fact("Provider", result_.provider) + fact("Model", result_.model) +
                           fact("Cost", cost()) +
                           fact("Time", was_run ? seconds_text(result_.seconds) : "");
        return element("dl", {{"class", "facts"}}, list);
    }

    /// What failed before anybody charged for it was not free.
    [[nodiscard]] std::string cost() const {
        const bool charged = is_good() || (result_.cost_usd && *result_.cost_usd > 0);
        return charged ? cost_text(result_.cost_usd) : std::string();
    }

    [[nodiscard]] static std::string fact(const char* name, const std::string& value) {
        return value.empty()
                   ? std::string()
                   : element("div", {},
                             element("dt", {}, name) + element("dd", {}, html_text(value)));
    }

    [[nodiscard]] std::string files() const {
        std::string list;
        for (const Medium& medium : results_) {
            const std::string name = html_text(medium.name());
            const MediumView& view = medium.view;
            const std::string link =
                view.problem.empty()
                    ? element("a", {{"href", relative_link(page_, medium.place)}}, name)
                    : name;
            const std::string& facts = view.problem.empty() ? view.facts : view.problem;
            list += element("li", {{"class", view.problem.empty() ? "" : "problem"}},
                            link + ' ' + element("span", {}, html_text(facts)));
        }
        return list.empty() ? list : element("ul", {{"class", "files"}}, list);
    }

    [[nodiscard]] std::string logs() const {
        std::string warnings;
        for (const std::string& warning : result_.warnings) {
            warnings += warning + '\n';
        }
        std::string html = log("Error: it would fail", result_.would_fail) +
                           log(kWarningsTitle, warnings) +
                           log(result_.ok ? "Notes of the command" : failure_title(), result_.err);
        if (!result_.ok) {
            html += log("Output", result_.out);
        }
        std::string line;
        for (const std::string& word : result_.cmd) {
            line += (line.empty() ? "" : " ") + shell_quoted(public_text(word));
        }
        return html + log("Command line", line);
    }

    [[nodiscard]] std::string failure_title() const {
        return result_.exit_code == 0 ? "Error"
                                      : "Error, exit code " + std::to_string(result_.exit_code);
    }

    /// Reasons and warnings are open: they are what a reader came for.
    [[nodiscard]] std::string log(const std::string& title,
                                  const std::optional<std::string>& text) const {
        std::string shown = text ? public_text(trimmed(*text)) : std::string();
        if (shown.empty()) {
            return {};
        }
        if (shown.size() > kMostLogBytes) {
            shown = "(the last " + std::to_string(kMostLogBytes) + " of " +
                    std::to_string(shown.size()) + " bytes)\n" +
                    shown.substr(shown.size() - kMostLogBytes);
        }
        const bool is_open = title.starts_with("Error") || title == kWarningsTitle;
        const std::string inside = element("summary", {}, html_text(title)) +
                                   element("pre", {{"tabindex", "0"}}, html_text(shown));
        return element("details", {{"class", "log"}, {"open", is_open ? "open" : ""}}, inside);
    }

    const ItemResult& result_;
    const std::string& page_;
    bool planned_;
    std::string number_;
    std::optional<Medium> source_;
    std::vector<Medium> results_;
    std::vector<std::string> problems_;
};

}  // namespace

std::string command_of(const ItemResult& result) {
    return result.cmd.empty() ? std::string() : file_name(result.cmd.front());
}

ItemHtml item_html(const ItemResult& result, const std::string& page, bool planned,
                   MediumViewer& viewer) {
    return ItemPage(result, page, planned, viewer).html();
}

}  // namespace editprep::tools::generate_batch_media
