#include "tools/provider_emulator/faults.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace editprep::tools::provider_emulator {
namespace {

constexpr std::string_view kStatusPrefix = "status-";

constexpr std::array kDescriptions{
    FaultDescription{"stall-request", "the request's body is never read"},
    FaultDescription{"stall-headers", "the request is carried out, the answer never begins"},
    FaultDescription{"stall-body", "the answer stops half-way and the connection stays open"},
    FaultDescription{"drop-request", "closes the connection without looking at the request"},
    FaultDescription{"drop-before-answer", "carries out the request, then closes without a word"},
    FaultDescription{"drop-mid-body", "closes after half of the answer's body"},
    FaultDescription{"short-length", "Content-Length is half of what is sent"},
    FaultDescription{"long-length", "Content-Length is 1000 more than what is sent"},
    FaultDescription{"slow-drip", "sends the body byte by byte, one in =MS milliseconds (50)"},
    FaultDescription{"status-NNN",
                     "answers with that status, 400 to 599, and an error body; "
                     "=SECONDS adds Retry-After"},
    FaultDescription{"html-error", "answers 502 with a page of HTML"},
    FaultDescription{"invalid-json", "answers 200 with JSON that is cut off"},
    FaultDescription{"deep-json", "answers 200 with JSON of 200000 levels"},
    FaultDescription{"huge-body", "promises 2 GiB and sends blanks as long as they are taken"},
    FaultDescription{"redirect-host",
                     "redirects to the same path under another host name; without a "
                     "COUNT in circles"},
    FaultDescription{"redirect-private", "redirects to an address of a private network"},
    FaultDescription{"never-finishes", "a queued job stays in progress until the faults are ended"},
    FaultDescription{"job-fails", "the work ends in an error of the model"},
    FaultDescription{"other-size", "the answer's picture or clip has another size: =WxH, or 3/4"},
    FaultDescription{"not-an-image", "the answer's picture or clip is text"},
    FaultDescription{"expired-link", "a stored file is gone when it is fetched"},
    FaultDescription{"redirect-content",
                     "a video's content at OpenAI is a redirect to a link under another host "
                     "name, which takes no key"},
};

/// In the order of the descriptions.
constexpr std::array kStages{
    FaultStage::wire,   FaultStage::wire,   FaultStage::wire,   FaultStage::wire,
    FaultStage::wire,   FaultStage::wire,   FaultStage::wire,   FaultStage::wire,
    FaultStage::wire,   FaultStage::answer, FaultStage::answer, FaultStage::answer,
    FaultStage::answer, FaultStage::answer, FaultStage::answer, FaultStage::answer,
    FaultStage::work,   FaultStage::work,   FaultStage::work,   FaultStage::work,
    FaultStage::file,   FaultStage::file,
};
static_assert(kStages.size() == kDescriptions.size());

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || stopped != end) {
        return std::nullopt;
    }
    return value;
}

[[noreturn]] void refuse(std::string_view specification, const std::string& reason) {
    throw std::invalid_argument("fault '" + std::string(specification) + "': " + reason);
}

/// Cuts the text at the first (or last) separator and returns what stood behind it.
std::string_view cut(std::string_view& text, std::size_t at) {
    if (at == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = text.substr(at + 1);
    text = text.substr(0, at);
    return rest;
}

std::size_t find_kind(std::string_view specification, std::string_view name, int& status) {
    if (name.starts_with(kStatusPrefix)) {
        const auto number = whole_number(name.substr(kStatusPrefix.size()));
        if (!number || *number < 400 || *number > 599) {
            refuse(specification, "the status must be from 400 to 599");
        }
        status = static_cast<int>(*number);
        return static_cast<std::size_t>(FaultKind::error_status);
    }
    const auto found = std::ranges::find(kDescriptions, name, &FaultDescription::name);
    if (found == kDescriptions.end()) {
        refuse(specification, "unknown name; --help lists them all");
    }
    return static_cast<std::size_t>(found - kDescriptions.begin());
}

}  // namespace

int Fault::number_or(int otherwise) const {
    const auto number = whole_number(value);
    return number && *number <= 1'000'000'000 ? static_cast<int>(*number) : otherwise;
}

std::span<const FaultDescription> fault_descriptions() noexcept { return kDescriptions; }

void FaultPlan::add(std::string_view specification) {
    Planned planned;
    planned.entry.specification = specification;

    std::string_view name = specification;
    std::string_view where = cut(name, name.find('@'));
    std::string_view& counted = where.empty() ? name : where;
    const std::size_t colon = counted.rfind(':');
    if (colon != std::string_view::npos) {
        planned.left = whole_number(cut(counted, colon));
        if (!planned.left) {
            refuse(specification, "the count behind ':' must be a whole number");
        }
    }
    const std::size_t percent = counted.rfind('%');
    if (percent != std::string_view::npos) {
        // Within a path it may begin an encoded character.
        std::string_view rest = counted;
        const auto every = whole_number(cut(rest, percent));
        if (every == 0U || (!every && where.empty())) {
            refuse(specification, "behind '%' must stand a whole number from 1");
        }
        counted = every ? rest : counted;
        planned.every = every.value_or(1);
    }
    const std::size_t blank = where.find(' ');
    planned.pattern = blank == std::string_view::npos ? where : where.substr(blank + 1);
    planned.method = blank == std::string_view::npos ? "" : where.substr(0, blank);

    planned.fault.value = cut(name, name.find('='));
    const std::size_t kind = find_kind(specification, name, planned.fault.status);
    planned.fault.name = name;
    planned.fault.kind = static_cast<FaultKind>(kind);
    planned.stage = kStages[kind];

    const std::lock_guard lock(mutex_);
    planned_.push_back(std::move(planned));
}

void FaultPlan::clear() {
    const std::lock_guard lock(mutex_);
    planned_.clear();
    ++round_;
}

bool FaultPlan::lasts(const Fault& fault) const {
    const std::lock_guard lock(mutex_);
    return fault.round == round_;
}

std::optional<Fault> FaultPlan::take(FaultStage stage, std::string_view method,
                                     std::string_view path) {
    const std::lock_guard lock(mutex_);
    std::optional<Fault> taken;
    for (Planned& planned : planned_) {
        if (!planned.fits(stage, method, path) || ++planned.seen % planned.every != 0 || taken) {
            continue;
        }
        ++planned.entry.hits;
        if (planned.left) {
            --*planned.left;
        }
        taken = planned.fault;
        taken->round = round_;
    }
    return taken;
}

bool FaultPlan::Planned::fits(FaultStage where, std::string_view with,
                              std::string_view path) const {
    return stage == where && left != 0U && (method.empty() || method == with) &&
           (pattern.empty() || fits_pattern(path, pattern));
}

std::vector<FaultPlan::Entry> FaultPlan::entries() const {
    const std::lock_guard lock(mutex_);
    std::vector<Entry> entries;
    for (const Planned& planned : planned_) {
        entries.push_back(planned.entry);
    }
    return entries;
}

bool fits_pattern(std::string_view text, std::string_view pattern) noexcept {
    std::size_t at = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    std::size_t i = 0;
    while (at < text.size()) {
        if (i < pattern.size() && pattern[i] == '*') {
            star = i++;
            resume = at;
        } else if (i < pattern.size() && pattern[i] == text[at]) {
            ++i;
            ++at;
        } else if (star != std::string_view::npos) {
            // The last star takes one character more.
            i = star + 1;
            at = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', i) == std::string_view::npos;
}

}  // namespace editprep::tools::provider_emulator
