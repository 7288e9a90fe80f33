#include "tools/generate_batch_media/report.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <span>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/base64.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/generate_batch_media/report_item.hpp"
#include "tools/generate_batch_media/report_page.hpp"
#include "tools/generate_batch_media/report_text.hpp"
#include "tools/generate_batch_media/thumbnails.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/parallel.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

/// Every report begins with it, and so can be told from what must not be replaced.
constexpr std::string_view kBeginning =
    "<!DOCTYPE html>\n<html lang=\"en\" data-made-by=\"editprep generate_batch_media\">\n";

constexpr std::int64_t kPixelMemory = std::int64_t{256} << 20;
/// Items whose pages are made before they are put together.
constexpr std::size_t kItemsAtOnce = 64;
/// Problems that the story tells one by one.
constexpr std::size_t kProblemsTold = 5;

/// Browsers take pages of some 50 MB with ease, and no pages of a gigabyte.
int longest_side_for(std::size_t items) {
    constexpr std::size_t kMany = 1'000;
    constexpr std::size_t kVeryMany = 4'000;
    if (items <= kMany) {
        return 480;
    }
    return items <= kVeryMany ? 320 : 240;
}

/// As a Content-Security-Policy names a style or a script that stands in the page.
std::string policy_hash(std::string_view content) {
    const std::string digits = transport::sha256_hex(content);
    std::vector<std::byte> digest;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
        digest.push_back(static_cast<std::byte>(value));
    }
    return "'sha256-" + transport::encode_base64(digest) + '\'';
}

struct Totals {
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t reused = 0;
    std::size_t without_price = 0;
    double cost_usd = 0;
    double seconds = 0;
    /// In the order of their names, with the number of items.
    std::map<std::string, std::size_t> commands;
};

Totals totals_of(const BatchSummary& summary) {
    Totals totals;
    for (const ItemResult& result : summary.results) {
        const bool good = result.ok && !result.would_fail;
        ++(good ? totals.done : totals.failed);
        totals.reused += result.reused ? 1U : 0U;
        totals.without_price += result.cost_usd || result.would_fail ? 0U : 1U;
        totals.cost_usd += result.cost_usd.value_or(0);
        totals.seconds += result.reused ? 0 : result.seconds;
        ++totals.commands[command_of(result)];
    }
    return totals;
}

/// Those of this shard.
std::size_t items_in(const BatchSummary& summary) {
    const Shard shard = summary.shard.value_or(Shard{});
    const int behind_the_first = summary.count - shard.number;
    return behind_the_first < 0 ? 0 : static_cast<std::size_t>(behind_the_first / shard.count) + 1;
}

std::string title_of(const BatchSummary& summary) {
    const std::string name = std::filesystem::path(summary.manifest).filename().string();
    return name.empty() ? "Batch report" : name;
}

std::string head(const BatchSummary& summary) {
    const std::string policy = "default-src 'none'; img-src data:; style-src " +
                               policy_hash(page_style()) + "; script-src " +
                               policy_hash(page_script()) + "; base-uri 'none'; form-action 'none'";
    std::string html = "<meta charset=\"utf-8\">\n";
    html += opening_tag("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", policy}});
    html += "\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    html += "<meta name=\"color-scheme\" content=\"light dark\">\n";
    html += element("title", {}, html_text(title_of(summary) + " – batch report")) + '\n';
    html.append("<style>").append(page_style()).append("</style>\n");
    return element("head", {}, '\n' + html) + '\n';
}

std::string tile(std::string_view name, const std::string& value, const std::string& remark,
                 const std::string& kind = {}) {
    std::string html = element("dt", {}, html_text(name)) + element("dd", {}, html_text(value));
    if (!remark.empty()) {
        html += element("dd", {{"class", "remark"}}, html_text(remark));
    }
    return element("div", {{"class", "tile " + kind}}, html);
}

std::string tiles(const BatchSummary& summary, const Totals& totals) {
    const std::string unpriced =
        totals.without_price == 0 ? "" : std::to_string(totals.without_price) + " without a price";
    const double cost = totals.cost_usd;
    const std::string sum = cost == 0 ? "$0.00" : cost_text(cost);
    std::string list = tile("Items", std::to_string(items_in(summary)), "");
    if (summary.dry_run) {
        list += tile("Ready", std::to_string(totals.done), "") +
                tile("Wrong", std::to_string(totals.failed), "", totals.failed == 0 ? "" : "bad") +
                tile("Would cost", sum, unpriced);
    } else {
        const bool all_reused = totals.reused != 0 && totals.reused == summary.results.size();
        const std::string earlier = "all by an earlier run";
        list += tile("Done", std::to_string(totals.done),
                     totals.reused == 0 ? "" : std::to_string(totals.reused) + " by an earlier run",
                     "good") +
                tile("Failed", std::to_string(totals.failed), "", totals.failed == 0 ? "" : "bad") +
                tile("Cost", sum, all_reused && unpriced.empty() ? earlier : unpriced) +
                (all_reused ? tile("Time", "none", earlier)
                            : tile("Time", seconds_text(totals.seconds),
                                   totals.reused == 0 ? "of all items together"
                                                      : "of this run's items together"));
    }
    return element("dl", {{"class", "tiles"}}, list);
}

std::string part_of_bar(std::string_view kind, std::size_t from, std::size_t count) {
    return count == 0 ? std::string()
                      : element("rect",
                                {{"class", std::string(kind)},
                                 {"x", std::to_string(from)},
                                 {"width", std::to_string(count)},
                                 {"height", "1"}},
                                "");
}

/// How many are done and failed, as a picture; the tiles say the same in words.
std::string bar(const BatchSummary& summary, const Totals& totals) {
    const std::size_t all = std::max(items_in(summary), summary.results.size());
    if (all == 0) {
        return {};
    }
    return element(
        "svg",
        {{"class", "bar"},
         {"viewBox", "0 0 " + std::to_string(all) + " 1"},
         {"preserveAspectRatio", "none"},
         {"aria-hidden", "true"}},
        part_of_bar("good", 0, totals.done) + part_of_bar("bad", totals.done, totals.failed));
}

/// What a reader must know before anything else.
std::string banners(const BatchSummary& summary) {
    std::string html;
    if (summary.dry_run) {
        html += element("p", {{"class", "banner"}},
                        "A dry run: everything was checked, nothing was sent or made.");
    }
    const std::size_t wanted = items_in(summary);
    if (wanted > summary.results.size()) {
        const std::size_t missing = wanted - summary.results.size();
        html += element(
            "p", {{"class", "banner"}},
            html_text(counted(missing, "item") + (missing == 1 ? " was not run" : " were not run") +
                      (summary.stopped.empty() ? "." : ": " + summary.stopped)));
    }
    return html;
}

std::string masthead(const BatchSummary& summary, const Totals& totals) {
    std::string line = element("span", {}, html_text(summary.manifest));
    if (summary.shard) {
        line += element("span", {{"class", "shard"}},
                        html_text("Shard " + std::to_string(summary.shard->number) + " of " +
                                  std::to_string(summary.shard->count)));
    }
    return element("header", {{"class", "masthead"}},
                   element("p", {{"class", "kicker"}}, "Batch report") +
                       element("h1", {}, html_text(title_of(summary))) +
                       element("p", {{"class", "manifest"}}, line) + tiles(summary, totals) +
                       bar(summary, totals) + banners(summary)) +
           '\n';
}

std::string filter_button(const char* kind, const std::string& value, const std::string& name,
                          std::size_t count) {
    return element(
        "button", {{"type", "button"}, {kind, value}, {"aria-pressed", "false"}},
        html_text(name + ' ') + element("span", {{"class", "count"}}, std::to_string(count)));
}

/// Only a script can use it, so that it is not seen without one.
std::string filters(const BatchSummary& summary, const Totals& totals) {
    std::string states = filter_button("data-show", "all", "All", summary.results.size());
    states += filter_button("data-show", "failed", "Failed", totals.failed);
    std::string html = element(
        "div", {{"role", "group"}, {"aria-label", "Items by how they ended"}, {"class", "group"}},
        states);
    html += element("label", {{"class", "search"}},
                    element("span", {}, "Search prompts") +
                        opening_tag("input", {{"type", "search"},
                                              {"placeholder", "Search prompts"},
                                              {"autocomplete", "off"}}));
    if (totals.commands.size() > 1) {
        std::string commands;
        for (const auto& [command, count] : totals.commands) {
            commands += filter_button("data-of", command.empty() ? "none" : command,
                                      command.empty() ? "no command" : command, count);
        }
        html += element("div",
                        {{"role", "group"}, {"aria-label", "Items by command"}, {"class", "group"}},
                        commands);
    }
    html += element("p", {{"class", "shown"}, {"role", "status"}}, "");
    return element("nav", {{"class", "filters"}, {"aria-label", "Filter"}, {"hidden", "hidden"}},
                   html) +
           '\n';
}

struct Items {
    std::string html;
    std::vector<std::string> problems;
};

Items make_items(const std::string& path, const BatchSummary& summary) {
    MediumViewer viewer(longest_side_for(summary.results.size()), kPixelMemory);
    Items items;
    for (std::size_t begin = 0; begin < summary.results.size(); begin += kItemsAtOnce) {
        std::vector<ItemHtml> made(std::min(kItemsAtOnce, summary.results.size() - begin));
        in_parallel(made.size(), thread_count(0), [&](std::size_t i) {
            made[i] = item_html(summary.results[begin + i], path, summary.dry_run, viewer);
        });
        for (ItemHtml& item : made) {
            items.html += item.html;
            std::ranges::move(item.problems, std::back_inserter(items.problems));
        }
    }
    return items;
}

void tell(const std::vector<std::string>& problems, const Story& story) {
    const std::size_t told = std::min(problems.size(), kProblemsTold);
    for (std::size_t i = 0; i < told; ++i) {
        story.warn("the report cannot show " + problems[i]);
    }
    if (problems.size() > told) {
        story.warn("nor " + counted(problems.size() - told, "other file") + " that it names");
    }
}

void append_page(std::string& page, const BatchSummary& summary, const Items& items) {
    const Totals totals = totals_of(summary);
    page += kBeginning;
    page += head(summary);
    page += "<body>\n";
    page += element("a", {{"class", "skip"}, {"href", "#items"}}, "To the items") + '\n';
    page += masthead(summary, totals);
    page += filters(summary, totals);
    page += "<main id=\"items\" tabindex=\"-1\">\n<ol class=\"items\">\n";
    page += items.html;
    page += "</ol>\n";
    page += element("p", {{"class", "empty"}, {"hidden", items.html.empty() ? "" : "hidden"}},
                    items.html.empty() ? "There are no items." : "No item fits.");
    page += "\n</main>\n";
    page.append("<script>").append(page_script()).append("</script>\n</body>\n</html>\n");
}

}  // namespace

void check_report_path(const std::string& path) {
    try {
        imaging::check_may_write(path, imaging::Overwrite::always);
    } catch (const imaging::Error& error) {
        throw Failure("the report cannot be written: " + std::string(error.what()));
    }
    if (!std::filesystem::is_regular_file(path)) {
        return;
    }
    std::ifstream stream(path, std::ios::binary);
    std::string beginning(kBeginning.size(), '\0');
    stream.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    if (stream.gcount() != 0 && beginning != kBeginning) {
        throw Failure("the report would replace " + path +
                      ", which is no report; choose another name or remove it");
    }
}

void write_report(const std::string& path, const BatchSummary& summary, const Story& story) {
    check_report_path(path);
    Items items = make_items(path, summary);
    std::string page;
    page.reserve(items.html.size() + page_style().size() + page_script().size() +
                 kItemsAtOnce * 1024);
    append_page(page, summary, items);
    items.html = std::string();
    try {
        imaging::write_file(path, std::as_bytes(std::span(page)), imaging::Overwrite::always);
    } catch (const imaging::Error& error) {
        throw Failure("the report cannot be written: " + std::string(error.what()));
    }
    tell(items.problems, story);
}

}  // namespace editprep::tools::generate_batch_media
